import { execFile } from 'node:child_process'
import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectionVariables } from '../../../src/testing/index.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { packedPackage } from '../support/packed-package.ts'
import type { PackedPackage } from '../support/packed-package.ts'

const ROOT = join(import.meta.dirname, '../../..')
const JEST = 'examples/node_modules/jest/bin/jest.js'

/** The projects in `examples`, and what their `npm test` runs, without npm. */
const PROJECTS: readonly (readonly [name: string, args: readonly string[], passed: RegExp])[] = [
  ['jest-commonjs', [JEST], /^Tests: +2 passed, 2 total$/m],
  ['jest-esm', ['--experimental-vm-modules', JEST], /^Tests: +2 passed, 2 total$/m],
  ['ts-jest', [JEST], /^Tests: +2 passed, 2 total$/m],
  ['vitest', ['node_modules/vitest/vitest.mjs', 'run'], /Tests +2 passed/],
  ['node-test', ['run-tests.js'], /^. pass 2$/m],
]

/** What no test run should say: that the broker went away under a runtime, or that something was left open. */
const COMPLAINTS = /warren (warning|error)|did not exit|open handles?\b.*keeping/

let packed: PackedPackage | undefined

describe('a project that installs warren and tests with', () => {
  beforeAll(async () => {
    packed = await packedPackage()
  })
  afterAll(async () => {
    await packed?.remove()
  })

  it.concurrent.each(PROJECTS)('%s passes, and ends without a complaint', async (name, args, passed) => {
    const folder = join(packed?.folder ?? '', name)
    await cp(join(ROOT, 'examples', name), folder, { recursive: true })
    const script = args.map((arg) => (arg.includes('node_modules/') ? join(ROOT, arg) : arg))

    const output = await run(folder, script)

    expect(output).toMatch(passed)
    expect(output).not.toMatch(COMPLAINTS)
  })

  it('gets the examples, and no packages of theirs', () => {
    expect(packed?.files).toContain('examples/ts-jest/email.test.ts')
    expect(packed?.files.filter((path) => path.includes('node_modules'))).toEqual([])
  })

  it('has the set-ups that the guide shows', async () => {
    const guide = await readFile(join(ROOT, 'docs/guides/testing.md'), 'utf8')
    const shown = [...guide.matchAll(/<!-- (examples\/\S+) -->\n\n```js\n([^]*?)```/g)]

    expect(shown.map(([, name]) => name)).toEqual([
      'examples/jest-commonjs/start-broker.js',
      'examples/node-test/run-tests.js',
    ])
    for (const [, name = '', text] of shown) expect(text).toBe(await readFile(join(ROOT, name), 'utf8'))
  })

  it('CommonJS requires the very modules that it imports where Node.js can do that', async () => {
    const code =
      "import('warren/runtime').then((imported) => console.log(imported.PublishError === require('warren/runtime').PublishError))"
    expect(await run(packed?.folder ?? '', ['--input-type=commonjs', '--eval', code])).toBe('true\n')
  })
})

async function run(folder: string, args: readonly string[]): Promise<string> {
  // A runner within a runner must not take the outer one's settings.
  const env = { PATH: process.env['PATH'], NO_COLOR: '1', CI: '1', ...connectionVariables(await testBroker()) }
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { cwd: folder, env }, (error, stdout, stderr) => {
      const output = `${stdout}${stderr}`
      if (error) reject(new Error(output, { cause: error }))
      else resolve(output)
    })
  })
}
