import { readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { rolldown } from 'rolldown'
import { isGraphviz, pathInBundle } from './bundle-graphviz.js'
import { licenses, MINIFIED } from './bundle-command-line.js'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

/** The program that `startBroker` runs for a private node. */
const KEEPER = 'testing/throwaway/node/keeper'

/**
 * Puts the modules behind each entry of the package into a few files: a program that connects to a broker should not open a
 * hundred files first. What entries share is in files that they share, so that a class is the same one in all of them.
 *
 * @param {string} modules the folder of the compiled modules
 * @param {string} dist the folder of the package's files
 */
export async function bundleLibrary(modules, dist) {
  const bundle = await rolldown({
    input: Object.fromEntries([...entries(), KEEPER].map((name) => [name, join(modules, `${name}.js`)])),
    platform: 'node',
    external: staysPackage,
  })
  // One folder deep, as `src` is: paths made of `import.meta.url` are right there.
  const { output } = await bundle.write({
    dir: dist,
    format: 'esm',
    chunkFileNames: 'shared/[name]-[hash].js',
    minify: MINIFIED,
    paths: pathInBundle,
  })
  await bundle.close()
  writeFileSync(join(dist, 'shared/licenses.txt'), licenses(output))
}

/**
 * Packages that are installed with warren or by its users stay packages, of which programs want one copy. The small ones that
 * are development dependencies come along.
 *
 * @param {string} id what is imported
 */
export function staysPackage(id) {
  if (id.startsWith('node:') || isGraphviz(id)) return true
  return !id.startsWith('.') && !isAbsolute(id) && installed.some((name) => id === name || id.startsWith(`${name}/`))
}

/** The entries of the package, such as `runtime/index`. */
export function entries() {
  return Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'object' ? [target.default.replace(/^\.\/dist\/(.*)\.js$/, '$1')] : [],
  )
}
