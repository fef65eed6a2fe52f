import { withCode } from '../../diagnostics/error-code.ts'
const NAME = /^[A-Za-z_]\w{0,62}(\.[A-Za-z_]\w{0,62})?$/

/**
 * The quoted name of a table for SQL, optionally with a schema before a dot. Upper-case letters are preserved.
 *
 * @throws {TypeError} for a name with characters other than letters, digits and `_`
 */
export function quoteTable(name: string): string {
  if (!NAME.test(name)) {
    throw withCode(
      'INVALID_OPTION',
      new TypeError(
        `${JSON.stringify(name)} is not the name of a table: use letters, digits and _, such as warren_outbox or app.outbox`,
      ),
    )
  }
  return name
    .split('.')
    .map((part) => `"${part}"`)
    .join('.')
}
