import { readFileSync } from 'node:fs'
import { format } from 'oxfmt'

/**
 * Formats a generated text as `npm run format` formats the file that will contain it.
 *
 * @param {string} path
 * @param {string} text
 */
export async function formatText(path, text) {
  const {
    $schema: _,
    ignorePatterns: __,
    ...options
  } = JSON.parse(readFileSync(new URL('../.oxfmtrc.json', import.meta.url), 'utf8'))
  const { code, errors } = await format(path, text, options)
  const [error] = errors
  if (error !== undefined) throw new Error(`${path} cannot be formatted: ${error.message}`)
  return code
}
