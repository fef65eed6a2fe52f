import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import manifest from '../../../package.json' with { type: 'json' }
import { nodeVersionProblem } from '../../../src/diagnostics/node-version.ts'
import { readSources } from '../../architecture/read-sources.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PROBLEM = /^(?:.*Error: )?warren needs Node\.js 20\.19 or newer, and this is 18\.20\.8: install one/m
const script = (text: string) => `data:text/javascript,${encodeURIComponent(text)}`
/** Stands for Nest, which is not installed here: the missing package would be the first error. */
const NEST = script(
  `export const resolve = (name, context, next) => name === '@nestjs/core' ? { url: 'data:text/javascript,export class ModulesContainer {}', shortCircuit: true } : next(name, context)`,
)
/** Loaded first, it makes Node.js report an old version. */
const PRETEND = script(
  `import { register } from 'node:module'; register(${JSON.stringify(NEST)}); Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '18.20.8' } })`,
)

function run(...args: string[]) {
  const { status, stderr } = spawnSync(process.execPath, ['--import', PRETEND, ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  })
  return { status, stderr }
}

describe('an older Node.js', () => {
  it('is one below the version that package.json asks for', () => {
    expect(manifest.engines.node).toBe('>=20.19')
    expect(['20.19.0', '20.20.2', '21.0.0', '22.12.0', '100.0.0'].map(nodeVersionProblem)).toEqual(
      Array(5).fill(undefined),
    )
    expect(['16.20.0', '18.20.8', '20.18.3'].filter((version) => nodeVersionProblem(version) === undefined)).toEqual([])
  })

  it('makes the command print one line that names the required version', () => {
    const { status, stderr } = run('dist/cli/main.js', 'plan', 'topology.yaml')
    expect([status, stderr.trim().split('\n')]).toEqual([1, [expect.stringMatching(PROBLEM)]])
  })

  it.each(Object.keys(manifest.exports).filter((name) => /^\.(\/[a-z]+)?$/.test(name)))(
    'makes %s of the package print the same, imported and required',
    async (name) => {
      const entry = `warren${name.slice(1)}`
      expect(run('--input-type=module', '--eval', `import '${entry}'`).stderr).toMatch(PROBLEM)
      const { require } = manifest.exports[name as './testing']
      expect(run('--input-type=commonjs', '--eval', `require('${require.default}')`).stderr).toMatch(PROBLEM)
      // The import of the check comes first, because an old Node.js may not even load the other modules.
      expect(await readFile(`${ROOT}/${require.default}`, 'utf8')).toMatch(/^require\('\.\/check-node\.js'\)/)
    },
  )

  it('can link the package, because no import names a feature that an old version lacks', async () => {
    const newer =
      /import \{[^}]*\b(parseEnv|styleText|getCallSites|enableCompileCache|registerHooks|glob|globSync)\b[^}]*\} from 'node:/
    const sources = await readSources(`${ROOT}/src`)
    const texts = await Promise.all(
      sources.map(async ({ path }) => [path, await readFile(`${ROOT}/src/${path}`, 'utf8')] as const),
    )
    expect(texts.filter(([, text]) => newer.test(text)).map(([path]) => path)).toEqual([])
  })
})
