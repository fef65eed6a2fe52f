import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

/** All inputs of a build. */
const SOURCES = [
  'src',
  'schemas',
  'scripts/build',
  'scripts/build.js',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

/**
 * A digest of the sources: if it has not changed, another build would have the same result.
 *
 * @param {string} root the project's folder
 */
export function sourceDigest(root) {
  const digest = createHash('sha256').update(process.version)
  for (const file of SOURCES.flatMap((path) => filesIn(root, path))) {
    digest.update(`\0${file}\0`).update(readFileSync(join(root, file)))
  }
  return digest.digest('hex')
}

/**
 * @param {string} root
 * @param {string} path
 * @returns {string[]} the file itself, or the files in the folder, in an order that is always the same
 */
function filesIn(root, path) {
  try {
    return readdirSync(join(root, path), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
      .toSorted()
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ENOTDIR') return [path]
    throw error
  }
}
