import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findBreaches, findCycle, loadedWith } from './architecture/find-breaches.ts'
import { readSources, sourceFile } from './architecture/read-sources.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const files = await readSources(fileURLToPath(new URL('../src', import.meta.url)))

/** Output that bypasses the exit of a command, where secrets are masked. */
const OUTPUTS =
  /\bprocess\.std(?:out|err)\b|\bconsole\.|\bwrite(?:File|FileTo|FileSync|Sync)\(|\bemitWarning\b|\bcreateWriteStream\b/
/**
 * The files that may do so: those of the exit itself, `main`, which can only report the version of Node.js, and the
 * file that reports lost output.
 */
const EXITS = new Set([
  'cli/main.ts',
  'cli/output/io.ts',
  'cli/terminal/ask-at-terminal.ts',
  'cli/output/masking-io.ts',
  'cli/output/write-file-to.ts',
  'cli/run-main.ts',
])

describe('the sources', () => {
  it('import from each folder only what the table of allowed imports permits', () => {
    expect(findBreaches(files)).toEqual([])
  })

  it('import each other without a cycle', () => {
    expect(findCycle(files)).toBeUndefined()
  })

  it('import only files that exist', () => {
    const paths = new Set(files.map(({ path }) => path))
    const missing = files.flatMap(({ path, imports }) =>
      imports
        .filter(({ isFile, target }) => isFile && !paths.has(target))
        .map(({ target }) => `${path} imports ${target}`),
    )
    expect(missing).toEqual([])
  })

  it('have at most 300 lines each', () => {
    const tooLong = listed('src')
      .map((path) => ({ path, lines: readFileSync(join(ROOT, path), 'utf8').trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > 300)
      .map(({ path, lines }) => `${path} has ${lines} lines: divide it by concept`)
    expect(tooLong).toEqual([])
  })

  it('are in folders of at most 15 files each, and so are the tests and scripts', () => {
    const counts = new Map<string, number>()
    for (const path of listed('src', 'test', 'scripts')) counts.set(dirname(path), (counts.get(dirname(path)) ?? 0) + 1)
    const tooFull = Array.from(counts)
      .filter(([, count]) => count > 15)
      .map(([folder, count]) => `${folder} has ${count} files: give it sub-folders named by concept`)
    expect(counts.size).toBeGreaterThan(100)
    expect(tooFull).toEqual([])
  })

  it('write from a command only through its masked exit', () => {
    const byThemselves = files
      .filter(({ path }) => path.startsWith('cli/'))
      .filter(({ path }) => !EXITS.has(path))
      .flatMap(({ path, code }) => (OUTPUTS.exec(code) ?? []).map((output) => `${path} uses ${output}`))
    expect(byThemselves).toEqual([])
  })

  it('open connections over AMQP in one place, where each wait gets its limit', () => {
    const opening = files.filter(({ code }) => /import \{[^}]*\bconnect\b[^}]*\} from 'amqplib'/.test(code))
    expect(opening.map(({ path }) => path)).toEqual(['broker/amqp/connections/connect-in-time.ts'])
  })

  it('do not load YAML, schemas, HTTP or the planner with the runtime', () => {
    const { folders, modules } = loadedWith('runtime/index.ts', files)

    expect(folders).toEqual(['broker/amqp', 'diagnostics', 'files', 'model', 'runtime'])
    expect(modules.filter((name) => !name.startsWith('node:'))).toEqual(['amqplib', 'limiter'])
  })

  it('do not load code that plans, applies or connects to a broker with the entry for tests', () => {
    const { folders, modules } = loadedWith('testing/index.ts', files)

    const needed = ['broker/amqp', 'diagnostics', 'files', 'model', 'runtime']
    expect(folders).toEqual([...needed, 'testing', 'testing/handlers', 'testing/throwaway'])
    expect(modules.filter((name) => !name.startsWith('node:'))).toEqual(['fastest-levenshtein', 'limiter'])
  })
})

describe('input from outside', () => {
  const usersOf = (pattern: RegExp) => files.filter(({ code }) => pattern.test(code)).map(({ path }) => path)

  it('is read from files in one place, which accepts regular files up to a limit', () => {
    // The program that cleans up after a node runs without the rest of warren, and reads /proc.
    expect(
      usersOf(/import \{[^}]*\b(readFile(Sync)?|createReadStream|readSync|openAsBlob)\b[^}]*\} from 'node:fs/),
    ).toEqual(['files/read-regular-file.ts', 'testing/throwaway/node/clean-up.js'])
  })

  it('is read from the management API in one place, which checks the shape of each response', () => {
    expect(usersOf(/\b(client|#client)\.get\(/)).toEqual(['broker/management/reads.ts'])
  })
})

describe('a broken rule', () => {
  const breach = (path: string, code: string) => findBreaches([sourceFile(path, code)])

  it('is found in an import of another folder', () => {
    expect(breach('plan/order.ts', "import { readLive } from '../broker/live/read-live.ts'")).toEqual([
      'plan/order.ts imports broker/live/read-live.ts: plan may import broker/records, model, diagnostics. Take what it needs as an argument, ' +
        'or move what both need to model; a new arrow needs a reason in docs/architecture.md',
    ])
  })

  it('is found in an import over several lines, of a type, a re-export, a side effect and an `import()`', () => {
    const code = [
      "import {\n  one,\n  two,\n} from '../broker/live/one.ts'",
      "import type { Three } from '../broker/live/three.ts'",
      "export * from '../broker/live/four.ts'",
      "import '../broker/live/five.ts'",
      "export const six = () => import('../broker/live/six.ts')",
    ].join('\n')

    expect(breach('plan/order.ts', code)).toHaveLength(5)
  })

  it('is found where only types or only an `import()` are allowed', () => {
    expect(breach('cli/main.ts', "import type { TlsOptions } from '../broker/management/connection.ts'")).toEqual([])
    expect(breach('cli/main.ts', "import { send } from '../broker/management/client.ts'")).toHaveLength(1)
    expect(breach('runtime/connect.ts', "const { load } = await import('../desired/load/load.ts')")).toEqual([])
    expect(breach('runtime/connect.ts', "import { load } from '../desired/load/load.ts'")).toHaveLength(1)
    expect(breach('runtime/connect.ts', "import { Ajv } from 'ajv'")).toEqual([
      'runtime/connect.ts imports ajv: check against schemas in desired/declaration',
    ])
  })

  it('is found in a module that belongs to another folder, its subpaths included', () => {
    expect(breach('plan/digest.ts', "import { createHash } from 'node:crypto'")).toEqual([])
    expect(breach('plan/digest.ts', "import { readFile } from 'node:fs/promises'")).toEqual([
      'plan/digest.ts imports node:fs: read files with files/read-regular-file.ts in source or load, and pass on what they hold',
    ])
    for (const name of ['undici', 'amqplib', 'yaml', 'ajv', 'diff', 'node:net', 'node:child_process', 'left-pad']) {
      expect(breach('plan/digest.ts', `import x from '${name}'`)).toHaveLength(1)
    }
  })

  it('is found in a global of the process, but not in a comment about it', () => {
    expect(breach('operations/plan.ts', 'const url = process.env.WARREN_URL')).toEqual([
      'operations/plan.ts uses process.env: take the environment as an argument; cli reads it',
    ])
    expect(breach('operations/plan.ts', '// not process.env\n/** nor process.exit() */')).toEqual([])
    expect(breach('operations/plan.ts', 'process.exit(1)\nprocess.stdout.write(text)\nawait fetch(url)')).toHaveLength(
      3,
    )
  })

  it('is found in a folder that the table does not contain, and in an entry with more than exports', () => {
    expect(breach('utils/pad.ts', '')).toEqual([
      'utils/pad.ts: src/utils is not in the table of test/architecture/rooms.ts: add a row there, and say in docs/architecture.md what happens in it',
    ])
    expect(
      breach('index.ts', "export { plan } from './operations/plan.ts'\nexport type {\n  A,\n} from './a.ts'\n"),
    ).toEqual([])
    expect(breach('index.ts', 'export const answer = 42')).toHaveLength(1)
  })

  it('is found in a cycle, imports of types included', () => {
    const cycle = [
      sourceFile('plan/a.ts', "import { b } from './b.ts'"),
      sourceFile('plan/b.ts', "import type { C } from './c.ts'"),
      sourceFile('plan/c.ts', "export { a } from './a.ts'"),
    ]
    const whenNeeded = [
      sourceFile('plan/a.ts', "import { b } from './b.ts'"),
      sourceFile('plan/b.ts', "const { a } = await import('./a.ts')"),
    ]

    expect(findCycle(cycle)).toEqual(['plan/a.ts', 'plan/b.ts', 'plan/c.ts', 'plan/a.ts'])
    expect(findCycle(whenNeeded)).toBeUndefined()
  })
})

/** The TypeScript and JavaScript files in the given folders, including files that are not committed. */
function listed(...folders: readonly string[]): string[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '--', ...folders]
  return execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' })
    .split('\n')
    .filter((path) => /\.[jt]s$/.test(path) && existsSync(join(ROOT, path)))
}
