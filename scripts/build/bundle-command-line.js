import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { rolldown } from 'rolldown'

/** Asked for rarely, by `import()` in the middle of a run; they stay packages. */
const STAY_PACKAGES = ['testcontainers', 'json-schema-to-typescript', /^ajv/]

/**
 * Puts the modules of the command line, and of the packages that it uses, into a few files, in place of `cli` of a build:
 * opening some three hundred files takes longer than what most commands do. The other folders of the build stay as
 * they are, for programs that import warren.
 *
 * @param {string} dist the folder of the build
 */
export async function bundleCommandLine(dist) {
  const bundle = await rolldown({ input: join(dist, 'cli/main.js'), platform: 'node', external: STAY_PACKAGES })
  const fresh = join(dist, 'cli-bundle')
  const { output } = await bundle.write({ dir: fresh, format: 'esm', chunkFileNames: '[name]-[hash].js' })
  await bundle.close()
  writeFileSync(join(fresh, 'licenses.txt'), licenses(output))
  rmSync(join(dist, 'cli'), { recursive: true })
  renameSync(fresh, join(dist, 'cli'))
}

/**
 * The licenses of the packages of which the bundle holds code, as they ask for.
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
