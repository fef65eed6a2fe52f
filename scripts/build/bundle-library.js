import { cpSync, readFileSync, rmSync } from 'node:fs'
import { isAbsolute, join } from 'node:path'
import { rolldown } from 'rolldown'

const manifest = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))

/**
 * Puts the modules behind each entry of the package into a few files, in place of the entries of a build: a program that
 * connects to a broker should not open a hundred files first. What entries share is in files that they share, so that
 * a class is the same one in all of them. Packages stay packages, of which programs want one copy.
 *
 * @param {string} dist the folder of the build
 */
export async function bundleLibrary(dist) {
  const bundle = await rolldown({
    input: Object.fromEntries(entries().map((name) => [name, join(dist, `${name}.js`)])),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !isAbsolute(id),
  })
  const fresh = join(dist, '..', 'library')
  // One folder deep, as `src` is: paths made of `import.meta.url` are right there.
  await bundle.write({ dir: fresh, format: 'esm', chunkFileNames: 'shared/[name]-[hash].js' })
  await bundle.close()
  cpSync(fresh, dist, { recursive: true })
  rmSync(fresh, { recursive: true })
}

/** The entries of the package, such as `runtime/index`. */
export function entries() {
  return Object.values(manifest.exports).flatMap((target) =>
    typeof target === 'object' ? [target.default.replace(/^\.\/dist\/(.*)\.js$/, '$1')] : [],
  )
}
