import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { guideBlocks } from '../../guide-blocks.ts'

const ROOT = join(import.meta.dirname, '../../..')
const EXAMPLE = join(ROOT, 'test/guides/test-handlers')

/** A mistake in the worker of the guide: the replaced text, and the output of its tests and the compiler. */
interface Mistake {
  readonly instead: readonly [right: string, wrong: string]
  readonly failing: readonly string[]
  readonly says: RegExp
  readonly compiler: RegExp | undefined
}

const SENDS = 'sends an email, and publishes an event about it'
const RETRIES = 'retries after 5 seconds and again after a minute while the mail server is busy'
const DEAD_LETTERS = 'dead-letters an email without an address at once'
const ONCE = 'sends an email only once if it is delivered twice'

const MISTAKES: Readonly<Record<string, Mistake>> = {
  'wrong-publication': {
    instead: [`'email-sent'`, `'email-snet'`],
    failing: [SENDS, ONCE],
    says: /the topology has no publication \\?"email-snet/,
    compiler: /"email-snet"' is not assignable/,
  },
  'wrong-subscription': {
    instead: [`'emails'`, `'emials'`],
    failing: [SENDS, RETRIES, DEAD_LETTERS, ONCE],
    says: /the topology has no subscription "emials" — it has: "emails"/,
    compiler: /"emials"' is not assignable/,
  },
  'wrong-body': {
    instead: ['attempts: delivery.attempt', 'attempt: delivery.attempt'],
    failing: [SENDS, ONCE],
    says: /the message does not match its schema: .*attempts/,
    compiler: /'attempt' does not exist/,
  },
  'wrong-retry': {
    instead: ['await mailer.send(email.to, email.text)', 'try { await mailer.send(email.to, email.text) } catch {}'],
    failing: [RETRIES],
    says: /\+ +"outcome": "done"/,
    compiler: undefined,
  },
}

/** An error of the compiler: the folder of its file, and its text. */
const ERROR = /^(?:\S*\/)?([\w-]+)\/[\w.-]+\.ts\(\d+,\d+\): error (.*(?:\n {2}.*)*)$/gm

let folder = ''

beforeAll(async () => {
  await mkdir(join(ROOT, '.warren'), { recursive: true })
  folder = await mkdtemp(join(ROOT, '.warren/handlers-'))
  for (const name of ['topology.yaml', 'email.schema.json', 'sent.schema.json']) {
    await cp(join(EXAMPLE, name), join(folder, name))
  }
  // Without its own configuration, vitest would use the one of this project.
  const config = 'export default { test: { isolate: false, maxWorkers: 1, testTimeout: 240_000 } }\n'
  await writeFile(join(folder, 'vitest.config.js'), config)
  const worker = await readFile(join(EXAMPLE, 'worker.ts'), 'utf8')
  await addProject('right', worker)
  for (const [name, { instead }] of Object.entries(MISTAKES)) await addProject(name, worker.replaceAll(...instead))
})

afterAll(() => rm(folder, { recursive: true, force: true }))

describe('a test of a handler that runs without a broker', () => {
  it('is shown by the guide as it is run here', async () => {
    const blocks = await guideBlocks('test-handlers.md')

    expect(blocks.map(({ file }) => file && basename(file))).toEqual([
      'worker.ts',
      'topology.yaml',
      'worker-test.ts',
      'time-test.ts',
      'greet-test.ts',
    ])
    for (const { text, inFile } of blocks) expect(text).toBe(inFile)
  })

  it('passes for the worker of the guide, and finds a wrong name, a wrong body and a wrong retry', async () => {
    const reports = ['--reporter=default', '--reporter=json', '--outputFile=report.json']
    const output = await run(['node_modules/vitest/vitest.mjs', 'run', ...reports])

    const failing = Object.entries(MISTAKES).map(([name, mistake]) => [name, mistake.failing])
    expect(await failuresByProject()).toEqual({ right: [], ...Object.fromEntries(failing) })
    for (const { says } of Object.values(MISTAKES)) expect(output).toMatch(says)
  })

  it('does not compile with a wrong name or a wrong body', async () => {
    // Without the paths of this project, so that the compiler checks the programs against the package.
    const settings = { extends: join(ROOT, 'tsconfig.json'), compilerOptions: { paths: {} }, include: ['*/*.ts'] }
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(settings))

    const output = await run(['node_modules/typescript/bin/tsc', '-p', folder, '--pretty', 'false'])

    // The first error of each project, because it may cause others.
    const errors = new Map([...output.matchAll(ERROR)].toReversed().map(([, name = '', text]) => [name, text]))
    const wrong = Object.entries(MISTAKES).filter(([, { compiler }]) => compiler)
    expect([...errors.keys()].toSorted()).toEqual(wrong.map(([name]) => name).toSorted())
    for (const [name, { compiler }] of wrong) expect(errors.get(name)).toMatch(compiler ?? '')
  })
})

/** The worker with its tests, as a user has them. */
async function addProject(name: string, worker: string): Promise<void> {
  await mkdir(join(folder, name))
  await writeFile(join(folder, name, 'worker.ts'), worker)
  await cp(join(EXAMPLE, 'topology.d.ts'), join(folder, name, 'topology.d.ts'))
  await cp(join(EXAMPLE, 'worker-test.ts'), join(folder, name, 'worker.test.ts'))
  if (name !== 'right') return
  for (const test of ['greet', 'time'])
    await cp(join(EXAMPLE, `${test}-test.ts`), join(folder, name, `${test}.test.ts`))
}

interface Report {
  readonly testResults: readonly {
    readonly name: string
    readonly assertionResults: readonly {
      readonly title: string
      readonly status: string
    }[]
  }[]
}

/** The titles of the tests that have failed, by the folder of their project. */
async function failuresByProject(): Promise<Record<string, string[]>> {
  const { testResults } = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report
  const failures: Record<string, string[]> = {}
  for (const { name, assertionResults } of testResults) {
    const failed = assertionResults.filter(({ status }) => status !== 'passed')
    const project = (failures[basename(dirname(name))] ??= [])
    project.push(...failed.map(({ title }) => title))
  }
  return failures
}

/** The output of a program. If tests fail or programs do not compile, it ends with an error code. */
function run(args: readonly string[]): Promise<string> {
  // The environment names no broker and does not contain the path of a program that could start one.
  const env = { PATH: '', NO_COLOR: '1' }
  return new Promise((resolve, reject) => {
    const [program = '', ...rest] = args
    execFile(process.execPath, [join(ROOT, program), ...rest], { cwd: folder, env }, (error, stdout, stderr) => {
      if (stdout === '' && error) reject(new Error(stderr, { cause: error }))
      else resolve(stdout + stderr)
    })
  })
}
