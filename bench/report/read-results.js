import { readFile } from 'node:fs/promises'
import { mergeRows } from './row.js'

/**
 * The rows of results that other runs have written, as if they had been one.
 *
 * @param {readonly string[]} paths
 */
export async function readResults(paths) {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return mergeRows(texts.flatMap((text) => JSON.parse(text).rows))
}
