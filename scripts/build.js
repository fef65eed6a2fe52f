import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { bundleCommandLine } from './build/bundle-command-line.js'
import { bundleCommonJs } from './build/bundle-common-js.js'
import { bundleGraphviz } from './build/bundle-graphviz.js'
import { bundleLibrary } from './build/bundle-library.js'
import { checkNodeFirst } from './build/check-node-first.js'
import { compileValidators } from './build/compile-validator.js'
import { copyDeclarations } from './build/copy-declarations.js'
import { bundlePageScript } from './build/bundle-page-script.js'
import { sourceDigest } from './build/source-digest.js'

// Compiles src to `build`, for the scripts of this project, and builds `dist` from it: the content of the package, in
// few files, so that the command line and programs start quickly. Both folders are replaced at the end, in one step,
// so a running program never sees half a build, and a failed build keeps the previous one. If both folders were built
// from the current sources, it does nothing, because many scripts start with a build.

const root = fileURLToPath(new URL('..', import.meta.url))
/** The file is in `build`, so that it is deleted with it and is not in the package. */
const DIGEST = '.built-from'
const workshop = `${root}node_modules/.cache/warren-build-${process.pid}`

const compiler = `${root}node_modules/typescript/bin/tsc`
if (!existsSync(compiler)) {
  process.stderr.write('TypeScript is not installed: run `npm ci` first.\n')
  process.exit(1)
}
const modules = `${workshop}/build`
const dist = `${workshop}/dist`
const digest = sourceDigest(root)
if (digest === builtFrom()) process.exit(0)
mkdirSync(dist, { recursive: true })
process.on('exit', () => rmSync(workshop, { recursive: true, force: true }))

const args = [compiler, '-p', `${root}tsconfig.build.json`, '--outDir', modules]
const built = spawnSync(process.execPath, args, { stdio: 'inherit' })
if (built.status !== 0) process.exit(built.status ?? 1)
await compileValidators(modules)
await bundlePageScript(modules)
await bundleCommandLine(modules, dist)
await bundleLibrary(modules, dist)
await bundleCommonJs(dist)
await bundleGraphviz(dist)
await checkNodeFirst(modules, dist)
copyDeclarations(modules, dist)
chmodSync(`${dist}/cli/main.js`, 0o755)
writeFileSync(`${modules}/${DIGEST}`, digest)
replace('dist')
replace('build')

function builtFrom() {
  try {
    return existsSync(`${root}dist`) ? readFileSync(`${root}build/${DIGEST}`, 'utf8') : undefined
  } catch {
    return undefined
  }
}

/** @param {string} name a folder of the workshop, which replaces the one in the project */
function replace(name) {
  const place = `${root}${name}`
  for (let attempt = 1; ; attempt += 1) {
    if (existsSync(place)) renameSync(place, `${workshop}/old-${name}-${attempt}`)
    try {
      renameSync(`${workshop}/${name}`, place)
      return
    } catch (error) {
      // Another build has put its own folder there in the meantime.
      if (attempt === 5) throw error
    }
  }
}
