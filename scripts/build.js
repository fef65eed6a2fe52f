import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleCommandLine } from './build/bundle-command-line.js'
import { bundleCommonJs } from './build/bundle-common-js.js'
import { bundleLibrary } from './build/bundle-library.js'
import { checkNodeFirst } from './build/check-node-first.js'
import { compileValidator } from './build/compile-validator.js'
import { sourceDigest } from './build/source-digest.js'

// Compiles src to dist, and makes what the command line needs quick to start. The old dist is replaced at the end and at
// once, so that a program that runs from it meets neither half a build nor, after a failed one, none. Where dist was built
// from these very sources nothing is done, since many scripts build first.

const root = fileURLToPath(new URL('..', import.meta.url))
const dist = `${root}dist`
/** In dist, so that it comes and goes with it. */
const DIGEST = '.built-from'
const workshop = `${root}node_modules/.cache/warren-build-${process.pid}`

const compiler = `${root}node_modules/typescript/bin/tsc`
if (!existsSync(compiler)) {
  process.stderr.write('TypeScript is not installed: run `npm ci` first.\n')
  process.exit(1)
}
const fresh = `${workshop}/dist`
const digest = sourceDigest(root)
if (digest === builtFrom()) process.exit(0)
mkdirSync(workshop, { recursive: true })
process.on('exit', () => rmSync(workshop, { recursive: true, force: true }))

const args = [compiler, '-p', `${root}tsconfig.build.json`, '--outDir', fresh]
const built = spawnSync(process.execPath, args, { stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
await compileValidator(fresh)
await bundleCommandLine(fresh)
await bundleLibrary(fresh)
await bundleCommonJs(fresh)
await checkNodeFirst(fresh)
chmodSync(`${fresh}/cli/main.js`, 0o755)
writeFileSync(`${fresh}/${DIGEST}`, digest)
replace()

function builtFrom() {
  try {
    return readFileSync(`${dist}/${DIGEST}`, 'utf8')
  } catch {
    return undefined
  }
}

function replace() {
  for (let attempt = 1; ; attempt += 1) {
    if (existsSync(dist)) renameSync(dist, `${workshop}/old-${attempt}`)
    try {
      renameSync(fresh, dist)
      return
    } catch (error) {
      // Another build has put its own there meanwhile.
      if (attempt === 5) throw error
    }
  }
}
