import { execFile } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, stat, symlink, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { connectionVariables } from '../../../src/testing/index.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { installedPackage } from './installed-package.ts'
import type { InstalledPackage } from './installed-package.ts'
import { reachedFrom } from './package-imports.ts'

const ROOT = join(import.meta.dirname, '../../..')
const JEST = 'examples/node_modules/jest/bin/jest.js'

/** The projects in `examples`, and the commands of their `npm test`, which run without npm. */
const PROJECTS: readonly (readonly [name: string, args: readonly string[], passed: RegExp])[] = [
  ['jest-commonjs', [JEST], /^Tests: +4 passed, 4 total$/m],
  ['jest-esm', ['--experimental-vm-modules', JEST], /^Tests: +4 passed, 4 total$/m],
  ['ts-jest', [JEST], /^Tests: +4 passed, 4 total$/m],
  ['vitest', ['node_modules/vitest/vitest.mjs', 'run'], /Tests +4 passed/],
  ['node-test', ['run-tests.js'], /^. pass 4$/m],
]

/** Output that no test run should contain: a lost broker under a runtime, or an open handle. */
const COMPLAINTS = /warren (warning|error)|did not exit|open handles?\b.*keeping/

const ENTRIES = Object.entries(manifest.exports).flatMap(([name, target]) =>
  typeof target === 'string'
    ? []
    : [{ name: `warren${name.slice(1)}`, esm: target.default, cjs: target.require.default }],
)
/** Entries whose optional peer dependency an empty project lacks. */
const WITH_PEER = ['warren/opentelemetry', 'warren/prometheus', 'warren/nestjs']

let installed: InstalledPackage
beforeAll(async () => {
  installed = await installedPackage()
})
afterAll(async () => {
  await installed?.remove()
})

describe('a project that installs warren', () => {
  it.concurrent.each(PROJECTS)('passes its tests and ends without a warning: %s', async (name, args, passed) => {
    const folder = join(installed.project, name)
    await cp(join(ROOT, 'examples', name), folder, { recursive: true })
    await linkRunner(name, folder)
    const script = args.map((arg) => (arg.includes('node_modules/') ? join(ROOT, arg) : arg))

    const { output } = await run(folder, script, connectionVariables(await testBroker()))

    expect(output).toMatch(passed)
    expect(output).not.toMatch(COMPLAINTS)
  })

  it('gets the examples, but none of their packages', () => {
    expect(installed.files).toContain('examples/ts-jest/email.test.ts')
    expect(installed.files.filter((path) => path.includes('node_modules'))).toEqual([])
  })

  it('contains the set-ups that the guide shows', async () => {
    const guide = await readFile(join(ROOT, 'docs/how-to/testing.md'), 'utf8')
    const shown = [...guide.matchAll(/<!-- (examples\/\S+) -->\n\n```js\n([^]*?)```/g)]

    expect(shown.map(([, name]) => name)).toEqual([
      'examples/jest-commonjs/start-broker.js',
      'examples/node-test/run-tests.js',
    ])
    for (const [, name = '', text] of shown) expect(text).toBe(await readFile(join(ROOT, name), 'utf8'))
  })
})

describe('the installed package', () => {
  it('needs at most 20 packages and 15 MB', () => {
    expect(installed.packages).toContain('node_modules/undici')
    expect(installed.packages.length).toBeLessThanOrEqual(20)
    expect(installed.bytes).toBeLessThanOrEqual(15_000_000)
  })

  it('runs no script while it is installed', () => {
    const scripts = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare']
    expect(Object.keys(manifest.scripts).filter((name) => scripts.includes(name))).toEqual([])
  })

  it('contains only modules that an entry or the command reaches', async () => {
    const paths = [manifest.bin.warren, ...ENTRIES.flatMap(({ esm, cjs }) => [esm, cjs])]
    const { files } = await reachedFrom(inPackage(paths), 'ever')

    const reached = [...files].map((file) => relative(installed.folder, file))
    expect(installed.files.filter((path) => /^dist\/.*\.js$/.test(path) && !reached.includes(path))).toEqual([])
  })

  it('imports each of its dependencies, and no other package', async () => {
    const paths = [manifest.bin.warren, ...ENTRIES.flatMap(({ esm, cjs }) => [esm, cjs])]
    const { packages } = await reachedFrom(inPackage(paths), 'ever')

    // Entries that need only types, or a client that the user creates.
    const typesOnly = ['@standard-schema/spec', 'ioredis', 'pg']
    const allowed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })
    expect([...packages].toSorted()).toEqual(allowed.filter((name) => !typesOnly.includes(name)).toSorted())
  })

  it('loads only the AMQP client for a runtime', async () => {
    const { default: esm, require } = manifest.exports['./runtime']
    for (const file of inPackage([esm, require.default])) {
      expect([...(await reachedFrom([file], 'at once')).packages]).toEqual(['amqplib'])
    }
  })

  it('loads no package with the entry for tests, until a test needs one', async () => {
    const { default: esm, require } = manifest.exports['./testing']
    for (const file of inPackage([esm, require.default])) {
      expect([...(await reachedFrom([file], 'at once')).packages]).toEqual([])
    }
  })

  it.each(ENTRIES.filter(({ name }) => !WITH_PEER.includes(name)))(
    'gives a CommonJS program the same module of $name by require and by import',
    async ({ name }) => {
      const code = `
        const required = require('${name}')
        import('${name}').then((imported) => {
          const same = Object.keys(imported).filter((key) => key === 'module.exports' || imported[key] === required[key])
          console.log(same.length > 0 && same.length === Object.keys(imported).length)
        })`
      expect(await run(installed.project, ['--input-type=commonjs', '--eval', code])).toEqual({
        code: 0,
        output: 'true\n',
      })
    },
  )

  it.each([
    { command: ['--version'], kilobytes: 300 },
    { command: ['validate', 'topology.yaml'], kilobytes: 820 },
  ])('loads at most $kilobytes kB in eight files for $command', async ({ command, kilobytes }) => {
    const folder = await mkdtemp(join(installed.project, 'loads-'))
    await writeFile(join(folder, 'topology.yaml'), 'warren: 1\nproject: shop\nqueues: { email: {} }\n')
    const loaded = await loadedBy(folder, [join(installed.folder, manifest.bin.warren), ...command])
    const sizes = await Promise.all(loaded.map(async (file) => (await stat(file)).size))

    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeGreaterThan(10_000)
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(kilobytes * 1000)
    expect(loaded.length).toBeLessThanOrEqual(8)
  })

  it('keeps the names of functions and classes, which stack traces and errors show', async () => {
    const code = `
      const named = Object.entries(require('warren')).filter(([, value]) => typeof value === 'function')
      console.log(named.length > 50, named.filter(([name, value]) => value.name !== name).map(([name]) => name).join())`
    expect(await run(installed.project, ['--input-type=commonjs', '--eval', code])).toEqual({
      code: 0,
      output: 'true \n',
    })
  })

  it('says what to install for `warren types` of a message schema, and does not need it otherwise', async () => {
    const topology = (message: string) =>
      `warren: 1\nproject: shop\nqueues: { email: {} }\nsubscriptions: { emails: { queue: email${message} } }\n`
    const folder = join(installed.project, 'types')
    await mkdir(folder)
    await writeFile(join(folder, 'plain.yaml'), topology(''))
    await writeFile(join(folder, 'typed.yaml'), topology(', message: { schema: ./email.json }'))
    await writeFile(join(folder, 'email.json'), '{ "type": "object" }\n')
    const types = (file: string) => run(folder, [join(installed.folder, manifest.bin.warren), 'types', file])

    expect(await types('plain.yaml')).toMatchObject({ code: 0, output: expect.stringContaining('emails: ') })
    expect(await types('typed.yaml')).toEqual({
      code: 1,
      output: [
        'error  a type for a message schema needs the package json-schema-to-typescript, which is not installed',
        '       install it next to warren: npm install --save-dev json-schema-to-typescript\n',
      ].join('\n'),
    })
  })
})

/** The files of modules that a program loads, by a hook of Node.js that prints them. */
async function loadedBy(folder: string, args: readonly string[]): Promise<string[]> {
  const hook = `
    export const load = (url, context, next) => {
      if (url.startsWith('file:')) writeSync(2, 'loaded ' + url + '\\n')
      return next(url, context)
    }
    import { writeSync } from 'node:fs'`
  const register = `import { register } from 'node:module'; register(${JSON.stringify(dataUrl(hook))})`
  const { code, output } = await run(folder, ['--import', dataUrl(register), ...args])
  expect({ code, output }).toMatchObject({ code: 0 })
  return [...output.matchAll(/^loaded (.*)$/gm)].map(([, url = '']) => fileURLToPath(url))
}

function dataUrl(code: string): string {
  return `data:text/javascript,${encodeURIComponent(code)}`
}

function inPackage(paths: readonly string[]): string[] {
  return paths.map((path) => join(installed.folder, path))
}

/** Lets a project find the test runner that it would install, and nothing else. */
async function linkRunner(name: string, folder: string): Promise<void> {
  const modules = join(folder, 'node_modules')
  if (name.includes('jest')) {
    await symlink(join(ROOT, 'examples/node_modules'), modules)
  } else if (name === 'vitest') {
    await mkdir(modules)
    await symlink(join(ROOT, 'node_modules/vitest'), join(modules, 'vitest'))
  }
}

async function run(
  folder: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
): Promise<{ code: number; output: string }> {
  // A test runner inside another one must not use the settings of the outer one.
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', CI: '1', ...variables }
  return new Promise((resolve) => {
    const child = execFile(process.execPath, args, { cwd: folder, env }, (_error, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, output: `${stdout}${stderr}` }),
    )
  })
}
