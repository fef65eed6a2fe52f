import { formatLocation, type Location } from '../../diagnostics/location.ts'
import { lossWords } from '../../model/policies/derived-effect-words.ts'
import type { Block } from '../../plan/block.ts'

type PolicyBlock = Extract<
  Block,
  { readonly reason: 'policy-loses' | 'policy-displaced' | 'dead-letter-policy-outranked' }
>

/** Why a policy stops a plan, and what can be done about it. */
export function explainPolicy(block: PolicyBlock): readonly [what: string, ...ways: string[]] {
  const places = placesOf(block.places)
  switch (block.reason) {
    case 'policy-loses': {
      const losses = block.losses.map((each) => lossWords(each.loss, each)).join(', and ')
      return [
        `${block.policy} also holds for this queue${places}, and ${losses}`,
        'let its pattern leave this queue out, or declare a policy of a higher priority for it',
        'where it is meant, write it into the declaration, as in  deadLetter: { messageTtl: 14d, maxLength: 10000 }  or  expires: 1h',
      ]
    }
    case 'policy-displaced':
      return [
        `it takes the place of ${block.policy} on ${block.queue}${places}, and so takes ${block.keys.join(', ')} away`,
        'declare that policy in the files, or one with these keys, a lower priority and a pattern for this queue: they are then carried over',
      ]
    case 'dead-letter-policy-outranked':
      return [
        `${block.policy} holds for ${block.queue} in its place${places}, and the broker would drop the dead letters`,
        `give ${block.policy} a lower priority than 100`,
      ]
  }
}

function placesOf(places: readonly Location[]): string {
  return places.length === 0 ? '' : ` (${places.map(formatLocation).join(', ')})`
}
