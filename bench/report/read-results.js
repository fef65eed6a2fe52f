import { readFile } from 'node:fs/promises'
import { mergeRows } from './row.js'

/**
 * Reads the results of several runs as if they were one run.
 *
 * @param {readonly string[]} paths
 */
export async function readResults(paths) {
  const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
  return mergeRows(texts.flatMap((text) => JSON.parse(text).rows))
}
