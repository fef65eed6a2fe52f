import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { licenses } from './bundle-command-line.js'

/** The path by which all bundles import the file of Graphviz: each bundle is in a folder below `dist`. */
const FILE = '../graphviz/graphviz.cjs'

/**
 * Whether a module or a bundle imports Graphviz by this id.
 *
 * @param {string} id the imported id
 */
export function isGraphviz(id) {
  return id === '@hpcc-js/wasm-graphviz' || id.endsWith('/graphviz/graphviz.cjs')
}

/**
 * How a bundle imports a package that it does not contain. Graphviz is as large as all other code, so all bundles
 * share one file of it.
 *
 * @param {string} id the imported id
 */
export function pathInBundle(id) {
  return isGraphviz(id) ? FILE : id
}

/**
 * Builds the one file of Graphviz. It is CommonJS, which both `import` and `require` can load.
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
