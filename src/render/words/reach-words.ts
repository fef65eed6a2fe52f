import type { Doubt, Reach } from '../../insight/routing/reach.ts'
import { showText } from './show-value.ts'

/** Why the behavior of a broker is unknown, as a phrase. */
export const DOUBTS: Readonly<Record<Doubt['kind'], string>> = {
  'hash-target': 'by a hash',
  'random-target': 'at random',
  'exchange-type': 'the rules of this type of exchange are unknown',
  'equal-policies': 'policies of equal priority match, and the broker picks one',
  'policy-pattern': "a policy's pattern cannot be evaluated here",
  'argument-types': 'the types of header arguments cannot be read from a broker',
  'external-exchange': 'the bindings of an external exchange are not declared here',
  'byte-limit': 'a quorum queue does not say how many bytes it counts',
}

/** The queues of a reach on one line: `billing, audit, one of a, b (by a hash)`. */
export function reachWords(reach: Reach): string {
  const choices = reach.choices.map(
    ({ options, because }) =>
      `one of ${options.map((option) => reachWords(option)).join(', ')} (${DOUBTS[because.kind]})`,
  )
  const doubts = reach.doubts.map(({ kind }) => `unknown (${DOUBTS[kind]})`)
  const parts = [...reach.queues.map(showText), ...choices, ...doubts]
  return parts.length === 0 ? 'no queue' : parts.join(', ')
}
