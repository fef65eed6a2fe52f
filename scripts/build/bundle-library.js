import { readFileSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { rolldown } from 'rolldown'
import { isGraphviz, pathInBundle } from './bundle-graphviz.js'
import { licenses, MINIFIED } from './bundle-command-line.js'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
const installed = Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

/** The program that `startBroker` starts for a private node. */
const KEEPER = 'testing/throwaway/node/keeper'

/**
 * Bundles the modules behind each entry of the package into a few files: a program that connects to a broker should
 * not open a hundred files first. Code that several entries use is in shared files, so that a class is the same in
 * all of them.
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
  // One folder deep, like `src`, so that paths computed from `import.meta.url` are correct.
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
 * Packages that are installed with warren or by its users remain packages, because a program needs a single copy of
 * them. The small ones that are development dependencies are bundled.
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
