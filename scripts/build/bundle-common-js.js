import { cpSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { rolldown } from 'rolldown'
import { licenses } from './bundle-command-line.js'
import { entries } from './bundle-library.js'

/** Packages that cannot be required, and therefore come along. */
const ESM_ONLY = /^oniguruma-parser(\/|$)/

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
 * @param {string} dist the folder of the build, whose entries are bundled already
 */
export async function bundleCommonJs(dist) {
  const bundle = await rolldown({
    input: Object.fromEntries(entries().map((name) => [commonJsName(name), join(dist, `${name}.js`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !isAbsolute(id) && !ESM_ONLY.test(id),
  })
  const folder = join(dist, 'cjs')
  // One folder deep, as `src` is: paths made of `import.meta.url` are right there.
  const { output } = await bundle.write({
    dir: folder,
    format: 'cjs',
    exports: 'named',
    dynamicImportInCjs: false,
    chunkFileNames: '[name]-[hash].js',
  })
  await bundle.close()
  writeFileSync(join(folder, 'licenses.txt'), licenses(output))
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }\n')
  // The same declarations, as those of CommonJS.
  for (const name of readdirSync(dist)) {
    if (name === 'cjs') continue
    cpSync(join(dist, name), join(folder, 'types', name), {
      recursive: true,
      filter: (path) => statSync(path).isDirectory() || path.endsWith('.d.ts'),
    })
  }
}
