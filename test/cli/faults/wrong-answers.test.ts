import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { command } from '../../integration/support/command-in-process.ts'
import { ExitCode } from '../../../src/cli/exit-code.ts'
import { ANSWERS, type FakeApi, fakeApi, wrongFields, wrongWholes } from './fake-api.ts'

const TOPOLOGY = `warren: 1
project: shop
vhost: v
exchanges:
  events: { type: topic }
queues:
  orders: { type: classic, deadLetter: true }
bindings:
  - { source: events, destination: { queue: orders }, routingKey: "order.*" }
users:
  reader: { tags: [monitoring], passwordHash: aGFzaA== }
policies:
  p: { pattern: "^y", definition: { max-length: 10 } }
`

/** Commands that use a broker, with the options that avoid questions. AMQP is not available. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  plan: ['plan', '--prune'],
  drift: ['drift', '--prune'],
  apply: ['apply', '--auto-approve', '--adopt'],
  destroy: ['destroy', '--confirm', 'shop'],
  'dlq list': ['dlq', 'list'],
}

let folder: string
let topology: string
let api: FakeApi
beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/warren-wrong-`)
  topology = `${folder}/topology.yaml`
  await writeFile(topology, TOPOLOGY)
  api = await fakeApi()
})
afterAll(async () => {
  await api[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** Runs a command, which must not end in an unexpected error. */
async function run(name: string) {
  const ended = await command([...(COMMANDS[name] ?? []), topology, '--retries', '0'], { WARREN_URL: api.url })
  const output = ended.stdout + ended.stderr
  expect(ended).not.toMatchObject({ code: ExitCode.unexpected })
  expect(output).not.toMatch(/TypeError|RangeError|\n {4}at |undefined|\[object/)
  return { code: ended.code, output }
}

/** The paths that a command reads, among those with a correct response. */
async function pathsOf(name: string): Promise<string[]> {
  api.answerWith('', undefined)
  api.takeRead()
  await run(name)
  return api.takeRead().filter((path) => path in ANSWERS)
}

/** An apply reads these for the first time when it is about to write a policy, after its first writes. */
const READ_MIDWAY = new Set(['/api/parameters'])

describe('an answer of the wrong shape', () => {
  it.each(Object.keys(COMMANDS))('ends "warren %s" with exit code 6 and the name of the request', async (name) => {
    const paths = (await pathsOf(name)).filter((path) => name !== 'apply' || !READ_MIDWAY.has(path))
    expect(paths.length).toBeGreaterThan(name === 'dlq list' ? 0 : 10)

    for (const path of paths) {
      const wholes = wrongWholes(ANSWERS[path])
      for (const answer of [null, ...(name === 'plan' ? wholes : [])]) {
        api.answerWith(path, answer)
        const { code, output } = await run(name)
        expect({ path, answer, code, output }).toMatchObject({
          code: ExitCode.unreachable,
          output: expect.stringMatching(new RegExp(`GET ${path}.* like RabbitMQ: expected .*, found `)),
        })
      }
    }
  })

  it('is found in every field that is read', async () => {
    const taken: string[] = []
    for (const path of await pathsOf('plan')) {
      for (const { field, answer } of wrongFields(ANSWERS[path])) {
        api.answerWith(path, answer)
        const { code, output } = await run('plan')
        const named = new RegExp(`GET ${path}.* in .*${field}.*, found `)
        if (code !== ExitCode.unreachable || !named.test(output)) taken.push(`${path} ${field}`)
      }
    }
    // Paths that a plan without AMQP does not read, or whose response may have any shape.
    expect(taken).toEqual(['/api/parameters value', '/api/global-parameters value', '/api/nodes name'])
  })

  it('fails the changes of an apply if it occurs in a read after a write', async () => {
    await pathsOf('apply')
    const readAgain = ['/api/exchanges/v', '/api/queues/v', '/api/bindings/v', '/api/users', '/api/vhosts']
    for (const path of [...readAgain, ...READ_MIDWAY]) {
      api.answerWith(path, [{ name: 7 }], READ_MIDWAY.has(path) ? 0 : 1)
      const { code } = await run('apply')
      expect([ExitCode.unreachable, ExitCode.partiallyApplied]).toContain(code)
    }
  })
})
