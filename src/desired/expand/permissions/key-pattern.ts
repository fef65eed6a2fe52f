import { type Fragment, literally } from '../../../model/values/name-pattern.ts'
import type { RoutingKeyPart } from '../routes/routing-key.ts'

/** One non-empty word of a routing key: a possible value of a publication's parameter. */
const WORD = '[^.]+'

/** Matches every routing key that a publication's key can become. */
export function anyKeyOf(parts: readonly RoutingKeyPart[]): Fragment {
  return parts.flatMap((part) => ('text' in part ? literally(part.text) : [WORD]))
}
