import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { licenses } from './bundle-command-line.js'

/** The file of Graphviz in the package, as all bundles import it: each of them is in a folder below `dist`. */
const FILE = '../graphviz/graphviz.cjs'

/**
 * Whether an import is that of Graphviz, in a module or in a bundle.
 *
 * @param {string} id what is imported
 */
export function isGraphviz(id) {
  return id === '@hpcc-js/wasm-graphviz' || id.endsWith('/graphviz/graphviz.cjs')
}

/**
 * How a bundle imports a package that is not in it. Graphviz is as large as all other code, so there is one file of it for
 * all bundles.
 *
 * @param {string} id what is imported
 */
export function pathInBundle(id) {
  return isGraphviz(id) ? FILE : id
}

/**
 * Makes the one file of Graphviz. It is CommonJS, which both `import` and `require` load.
 *
 * @param {string} dist the folder of the package's files
 */
export async function bundleGraphviz(dist) {
  const bundle = await rolldown({
    input: fileURLToPath(import.meta.resolve('@hpcc-js/wasm-graphviz')),
    platform: 'node',
  })
  const folder = join(dist, 'graphviz')
  const { output } = await bundle.write({
    file: join(folder, 'graphviz.cjs'),
    format: 'cjs',
    exports: 'named',
    minify: true,
  })
  await bundle.close()
  writeFileSync(join(folder, 'licenses.txt'), licenses(output))
}
