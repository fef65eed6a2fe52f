import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { guideBlocks } from '../../guide-blocks.ts'
import { amqpUrl, freshVhost } from '../support/brokers/broker.ts'
import { ROOT } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'
import { type Part, partsOf, plain } from './guide-story.ts'

const EXAMPLES = join(ROOT, 'test/guides/from-python')
const PAGE = await readFile(join(ROOT, 'docs/how-to/from-the-python-guide.md'), 'utf8')
type Command = Extract<Part, { kind: 'command' }>
const PASSWORDS = { GUIDE_API_PASSWORD: 'the-api', GUIDE_WORKER_PASSWORD: 'the-worker' }

/** A folder in which programs import the built package by its name. */
async function emptyProject(): Promise<string> {
  await mkdir(join(ROOT, '.warren'), { recursive: true })
  const folder = await mkdtemp(join(ROOT, '.warren/from-python-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** The steps of a reader from the top of the page to its end: saving a file, or running a command. */
function stepsOf(page: string): (Command | { readonly kind: 'save'; readonly name: string })[] {
  const commands = partsOf(page).filter((part) => part.kind === 'command')
  return [...page.matchAll(/^<!-- test\/guides\/from-python\/(\S+) -->|^\$ npx warren /gm)].flatMap(([, name]) => {
    const command = name === undefined ? commands.shift() : undefined
    return name === undefined ? (command ?? []) : { kind: 'save', name }
  })
}

/** The lines of the text blocks of the page: the output of the producer, and that of the worker. */
function shownLines(): string[][] {
  return [...PAGE.matchAll(/^```text\n([^]*?)^```/gm)].map(([, text = '']) => text.trim().split('\n'))
}

/** Removes the times of dead letters, which differ in every run. */
function withoutTimes(text: string): string {
  return text.replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'TIME')
}

describe('the guide for those who come from the Python guide', () => {
  it('shows each file that is run here once', async () => {
    const blocks = await guideBlocks('from-the-python-guide.md')
    const files = (await readdir(EXAMPLES, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => relative(ROOT, join(parentPath, name)))

    expect(blocks.map(({ file }) => String(file)).toSorted()).toEqual(files.toSorted())
    for (const { text, inFile } of blocks) expect(text).toBe(inFile)
  })

  it('has commands and programs that print the shown output, from the first apply to the dead letter', async () => {
    const vhost = await freshVhost()
    const folder = await emptyProject()
    const env = { PATH: String(process.env['PATH']), WARREN_AMQP_URL: await amqpUrl(vhost) }
    const there = ['--vhost', `/=${vhost}`]
    const options = { folder, environment: { NO_COLOR: '1', ...env, ...PASSWORDS } }
    onTestFinished(async () => {
      await warren(['destroy', 'topology/', '--confirm', 'python-guide', ...there], options)
    })
    const command = async (args: readonly string[]) => {
      const { code, stdout } = await warren([...args, ...there], options)
      return { code, output: withoutTimes(plain(stdout).replaceAll(vhost, '/')) }
    }
    const program = (name: string) => promisify(execFile)(process.execPath, [name], { cwd: folder, env })

    const steps = stepsOf(PAGE)
    const last = steps.findIndex((step) => step.kind === 'command' && step.args[0] === 'dlq')
    const happened: unknown[] = []
    for (const step of steps) {
      if (step.kind === 'save') await cp(join(EXAMPLES, step.name), join(folder, step.name), { recursive: true })
      else if (step !== steps[last]) happened.push([step.args[0], (await command(step.args)).code])
    }
    expect(happened).toEqual([
      ['apply', 0],
      ['compile', 0],
      ['plan', 2],
      ['apply', 0],
      ['plan', 0],
      ['apply', 0],
      ['compile', 0],
    ])

    const log = await open(join(folder, 'worker.log'), 'w')
    const worker = spawn(process.execPath, ['worker.mjs'], { cwd: folder, env, stdio: ['ignore', log.fd, log.fd] })
    await log.close()
    const ended = once(worker, 'exit')
    onTestFinished(() => void worker.kill('SIGKILL'))
    const printed = async () => (await readFile(join(folder, 'worker.log'), 'utf8')).trim().split('\n')

    const [producer, attempts] = shownLines()
    expect((await program('publish.mjs')).stdout.trim().split('\n')).toEqual(producer)
    await until(async () => (await printed()).length === attempts?.length, 'the dead letter', 60_000)
    expect((await printed()).toSorted()).toEqual(attempts?.toSorted())
    expect((await program('publish-events.mjs')).stdout).toBe('tooLarge\n')

    const list = steps[last] as Command
    const { code, output } = await command(list.args)
    expect([code, output]).toEqual([0, withoutTimes(plain(list.output))])

    worker.kill('SIGTERM')
    expect(await ended).toEqual([0, null])
  })

  it('has a test that passes with the runner of Node.js', async () => {
    const folder = await emptyProject()
    await cp(EXAMPLES, folder, { recursive: true })
    expect(await warren(['compile', 'topology/', '--out', 'topology.json'], { folder })).toMatchObject({ code: 0 })

    const { NODE_TEST_CONTEXT: _context, ...env } = process.env
    const args = ['--test', '--test-reporter=tap', 'worker.test.mjs']
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env })

    expect(stdout).toMatch(/^# pass 3$/m)
  })
})
