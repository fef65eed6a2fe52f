import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import { isGraphviz, pathInBundle } from './bundle-graphviz.js'
import { loadLater } from './load-later.js'
import { loadTogether } from './load-together.js'

/** Rarely loaded, by `import()` in the middle of a run, so they remain packages. */
const STAY_PACKAGES = ['testcontainers', 'json-schema-to-typescript', /^ajv/]

/** Local names are shortened. Functions and classes keep their names, because stack traces and errors show them. */
export const MINIFIED = /** @type {const} */ ({
  mangle: { toplevel: true, keepNames: true },
  compress: true,
  codegen: true,
})

/**
 * Bundles the modules of the command line, and of the packages that it uses, into a few files: opening some three
 * hundred files takes longer than most commands.
 *
 * @param {string} modules the folder of the compiled modules
 * @param {string} dist the folder of the package's files
 */
export async function bundleCommandLine(modules, dist) {
  const { plugin, codeSplitting } = loadTogether(modules)
  const bundle = await rolldown({
    input: join(modules, 'cli/main.js'),
    platform: 'node',
    external: (id) =>
      isGraphviz(id) || STAY_PACKAGES.some((each) => (typeof each === 'string' ? id === each : each.test(id))),
    plugins: [plugin, loadLater],
    resolve: { alias: { undici$: fileURLToPath(new URL('undici-agent.js', import.meta.url)) } },
  })
  const folder = join(dist, 'cli')
  const { output } = await bundle.write({
    dir: folder,
    format: 'esm',
    chunkFileNames: '[name]-[hash].js',
    minify: MINIFIED,
    codeSplitting,
    paths: pathInBundle,
  })
  await bundle.close()
  writeFileSync(join(folder, 'licenses.txt'), licenses(output))
}

/**
 * The licenses of the packages whose code is in the bundle, as these licenses require.
 *
 * @param {import('rolldown').RolldownOutput['output']} output
 */
export function licenses(output) {
  const modules = output.flatMap((part) => ('moduleIds' in part ? part.moduleIds : []))
  const folders = new Set(modules.flatMap((module) => packageFolder(module) ?? []))
  return [...folders]
    .toSorted()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
      const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry))
      const text = file === undefined ? `License: ${license}\n` : readFileSync(join(folder, file), 'utf8')
      return `${name} ${version}\n\n${text}`
    })
    .join(`\n${'-'.repeat(80)}\n\n`)
}

/** @param {string} module */
function packageFolder(module) {
  const [, folder] = /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(module.split('/').join(sep)) ?? []
  return folder !== undefined && existsSync(join(folder, 'package.json')) ? folder : undefined
}
