import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/**
 * Replaces the built file that bundles the code of the page with a file that contains this code.
 *
 * @param {string} modules the folder of the compiled modules
 */
export async function bundlePageScript(modules) {
  const file = join(modules, 'render/page/page-script.js')
  const { bundledScript } = await import(pathToFileURL(file).href)
  const script = await bundledScript(new URL('../../src/page/main.ts', import.meta.url))
  writeFileSync(file, `export function pageScript() {\n  return Promise.resolve(${JSON.stringify(script)})\n}\n`)
}
