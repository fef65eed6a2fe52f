import { finding, type Finding } from '../../../diagnostics/findings/finding.ts'
import { suggest } from '../../../diagnostics/text/suggest.ts'
import { locationOf, touchesSecret } from '../../source/places.ts'
import type { Table } from '../../source/tree.ts'
import type { Run } from '../run.ts'

/** The finding for a key that the format does not allow in this table. */
export function unknownKey(table: Table, key: string, allowed: readonly string[], run: Run): Finding {
  const place = run.places.spot(table, key)?.key ?? run.places.own(table)
  const suggestion = suggest(key, allowed)
  // Below `password:`, a key may be the password itself, as in `{hunter2}`.
  const args = {
    key: touchesSecret(place) ? '(secret)' : key,
    allowed,
    ...(suggestion !== undefined && { suggestion }),
  }
  return finding('unknown-key', args, locationOf(place))
}
