import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import type { ClientRequest, IncomingMessage } from 'node:http'
import { connect as connectSocket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectAmqp } from 'amqplib'
import { expect, it, onTestFinished } from 'vitest'
import { useTopology } from '../../../src/testing/index.ts'
import manifest from '../../../package.json' with { type: 'json' }
import { testBroker } from '../support/brokers/broker.ts'
import { inTime, until } from '../support/until.ts'

const ROOT = join(import.meta.dirname, '../../..')
const FIRST = { id: '1', email: 'ada@example.org' }
const SECOND = { id: '2', email: 'bob@example.org' }

it.each([
  { name: 'express', main: 'server.js', end: { code: 0, signal: null } },
  { name: 'fastify', main: 'server.js', end: { code: 0, signal: null } },
  // Nest sends the process its signal again when everything is closed.
  { name: 'nestjs', main: 'dist/main.js', end: { code: null, signal: 'SIGTERM' } },
])(
  'lets a request and a handler publish after the signal to end, and consumes nothing more: examples/$name',
  async ({ name, main, end }) => {
    const fixture = await useTopology(join(ROOT, 'examples', name, 'topology.yaml'), { broker: await testBroker() })
    onTestFinished(() => fixture.cleanup())
    const folder = await project(name)
    await writeFile(join(folder, 'topology.json'), JSON.stringify(fixture.topology))
    if (name === 'nestjs') await compile(folder)

    const program = start(folder, main, { WARREN_AMQP_URL: fixture.url(), PORT: '0' })
    const port = Number(await until(() => /listening on port (\d+)/.exec(program.output())?.[1], 'the server'))
    expect(await answerOf(post(port, { id: 1 }, 'all'))).toMatchObject({ status: 400 })
    const second = post(port, SECOND, 'begin')
    // The server sends this when the request has begun.
    await inTime(once(second, 'continue'), 'the beginning of the request')
    expect(await answerOf(post(port, FIRST, 'all'))).toMatchObject({ status: 202 })
    await until(() => program.output().includes('writing to ada@example.org about order 1'), 'the handler')

    program.kill()
    await until(async () => !(await accepts(port)), 'the server to refuse connections')
    second.end(JSON.stringify(SECOND))
    expect(await answerOf(second)).toEqual({ status: 202, body: { messageId: expect.any(String) } })
    expect(await inTime(program.ended, 'the end of the program')).toEqual(end)

    expect(program.output()).not.toContain('order 2')
    expect(await bodies(fixture.url(), 'sent-emails')).toEqual([{ order: '1' }])
    expect(await bodies(fixture.url(), 'emails')).toEqual([SECOND])
  },
)

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>
}

it.each([
  { guide: 'nestjs.md', shown: 5 },
  { guide: 'fastify-and-express.md', shown: 2 },
])('shows the files of the examples unchanged: $guide', async ({ guide, shown }) => {
  const text = await readFile(join(ROOT, 'docs/how-to', guide), 'utf8')
  const blocks = [...text.matchAll(/<!-- (examples\/\S+) -->\n\n```[jt]s\n([^]*?)```/g)]

  expect(blocks).toHaveLength(shown)
  for (const [, file = '', block] of blocks) expect(block).toBe(await readFile(join(ROOT, file), 'utf8'))
})

/** A copy of an example, outside of this project, with the packages that it would install. */
async function project(name: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), `warren-${name}-`))
  onTestFinished(() => rm(folder, { recursive: true }))
  await cp(join(ROOT, 'examples', name), folder, { recursive: true })
  const modules = join(folder, 'node_modules')
  await mkdir(join(modules, 'warren'), { recursive: true })
  const { dependencies } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest
  const needed = Object.keys({ ...dependencies, '@types/node': '' }).map((each) => [each, 'examples'] as const)
  const own = Object.keys(manifest.dependencies).map((each) => [each, '.'] as const)
  for (const [each, from] of [...needed, ...own]) {
    await mkdir(join(modules, each, '..'), { recursive: true })
    await symlink(join(ROOT, from, 'node_modules', each), join(modules, each))
  }
  // Copied, because a module behind a link would look for Nest in this project.
  await cp(join(ROOT, 'dist'), join(modules, 'warren/dist'), { recursive: true })
  await cp(join(ROOT, 'package.json'), join(modules, 'warren/package.json'))
  return folder
}

/** The compiler of this project checks the example against the packages of Nest, and compiles it. */
async function compile(folder: string): Promise<void> {
  const compiler = spawn(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    cwd: folder,
  })
  let output = ''
  compiler.stdout.setEncoding('utf8').on('data', (text: string) => void (output += text))
  await once(compiler, 'close')
  expect(output).toBe('')
}

function start(folder: string, main: string, variables: Readonly<Record<string, string>>) {
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', ...variables }
  const child = spawn(process.execPath, [main], { cwd: folder, env })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => void (output += text))
  }
  const ended = new Promise((resolve) => void child.once('close', (code, signal) => resolve({ code, signal })))
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })
  return { output: () => output, kill: () => child.kill('SIGTERM'), ended }
}

/** Sends an order, or begins to. */
function post(port: number, order: object, what: 'all' | 'begin'): ClientRequest {
  const body = JSON.stringify(order)
  const sent = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/orders',
    agent: false,
    headers: {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      ...(what === 'begin' && { expect: '100-continue' }),
    },
  })
  if (what === 'all') sent.end(body)
  else sent.flushHeaders()
  return sent
}

async function answerOf(sent: ClientRequest): Promise<{ status: number | undefined; body: unknown }> {
  const [response] = (await inTime(once(sent, 'response'), 'the answer')) as [IncomingMessage]
  let text = ''
  for await (const part of response.setEncoding('utf8')) text += String(part)
  return { status: response.statusCode, body: JSON.parse(text) }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectSocket(port, '127.0.0.1')
    socket.once('error', () => resolve(false))
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
}

async function bodies(url: string, queue: string): Promise<unknown[]> {
  const connection = await connectAmqp(url)
  const channel = await connection.createChannel()
  const found: unknown[] = []
  for (let message = await channel.get(queue, { noAck: true }); message;) {
    found.push(JSON.parse(message.content.toString()))
    message = await channel.get(queue, { noAck: true })
  }
  await connection.close()
  return found
}
