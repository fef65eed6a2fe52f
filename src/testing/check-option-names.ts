import { suggest } from '../diagnostics/text/suggest.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'

/**
 * Refuses an unknown option, because a misspelled one would be ignored silently.
 *
 * @throws {WarrenError} `INVALID_OPTION`, with the name of the option and the most similar one
 */
export function checkOptionNames(caller: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((name) => !known.includes(name))
  if (unknown === undefined) return
  const meant = suggest(unknown, known)
  const hint = meant === undefined ? `there are: ${known.join(', ')}` : `did you mean "${meant}"?`
  throw new WarrenError(`${caller} has no option "${unknown}" (${hint})`, { code: 'INVALID_OPTION', hint })
}
