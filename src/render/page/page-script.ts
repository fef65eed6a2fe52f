import { fileURLToPath } from 'node:url'

/**
 * The code that runs in the browser. The build replaces this file by one that contains the code as a string, since the package has
 * no bundler.
 */
export async function pageScript(): Promise<string> {
  return bundledScript(new URL('../../page/main.ts', import.meta.url))
}

/** Bundles a module and its imports into one text. */
export async function bundledScript(entry: URL): Promise<string> {
  const { rolldown } = await import('rolldown')
  const bundle = await rolldown({ input: fileURLToPath(entry), platform: 'browser' })
  const { output } = await bundle.generate({ format: 'iife', minify: true })
  await bundle.close()
  return output[0].code
}
