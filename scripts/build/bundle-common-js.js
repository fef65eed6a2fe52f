import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { MINIFIED } from './bundle-command-line.js'
import { pathInBundle } from './bundle-graphviz.js'
import { entries, staysPackage } from './bundle-library.js'

/**
 * The name of an entry's bundle in `cjs`, which is the name of its folder.
 *
 * @param {string} name of the entry below `src`, such as `runtime/outbox/index`
 * @returns {string}
 */
export function commonJsName(name) {
  return name.replace(/\/?index$/, '').replace(/^.*\//, '') || 'index'
}

/**
 * Builds the entries of the package also as CommonJS, in `cjs`, for tools that cannot load ES modules: jest, unless
 * it leaves the loading to Node.js. In Node.js itself, `require` loads the same files as `import` (`module-sync`), so
 * no program gets two copies of a class.
 *
 * @param {string} dist the folder of the package's files, whose entries are bundled already
 */
export async function bundleCommonJs(dist) {
  const bundle = await rolldown({
    input: Object.fromEntries(entries().map((name) => [commonJsName(name), join(dist, `${name}.js`)])),
    platform: 'node',
    external: staysPackage,
  })
  const folder = join(dist, 'cjs')
  // One folder deep, like `src`, so that paths computed from `import.meta.url` are correct.
  await bundle.write({
    dir: folder,
    format: 'cjs',
    exports: 'named',
    dynamicImportInCjs: false,
    chunkFileNames: '[name]-[hash].js',
    minify: MINIFIED,
    paths: pathInBundle,
  })
  await bundle.close()
  copyFileSync(join(dist, 'shared/licenses.txt'), join(folder, 'licenses.txt'))
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
}
