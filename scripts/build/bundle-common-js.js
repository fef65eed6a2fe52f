import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { MINIFIED } from './bundle-command-line.js'
import { pathInBundle } from './bundle-graphviz.js'
import { entries, staysPackage } from './bundle-library.js'

/**
 * The name of an entry's bundle in `cjs`: that of its folder.
 *
 * @param {string} name of the entry below `src`, such as `runtime/outbox/index`
 * @returns {string}
 */
export function commonJsName(name) {
  return name.replace(/\/?index$/, '').replace(/^.*\//, '') || 'index'
}

/**
 * Makes the entries of the package once more as CommonJS, in `cjs`, for what cannot load anything else: jest, as long as
 * Node.js does not do it for it. Node.js itself requires the same files that it imports (`module-sync`), so that
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
  // One folder deep, as `src` is: paths made of `import.meta.url` are right there.
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
