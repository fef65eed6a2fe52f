import { fileURLToPath } from 'node:url'
import { readRegularFileSync } from '../files/read-regular-file.ts'

const PACKAGE = fileURLToPath(new URL('../../package.json', import.meta.url))

/** The version of warren. */
export function packageVersion(): string {
  const manifest = JSON.parse(readRegularFileSync(PACKAGE, 'document').toString('utf8')) as { version: string }
  return manifest.version
}
