import { type Fragment, literally } from '../../../model/values/name-pattern.ts'

/** A routing key in its parts: literal text, and `{parameter}`. */
export type RoutingKeyPart = { readonly text: string } | { readonly parameter: string }

const PARAMETER = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Parses a routing key; undefined if a brace does not belong to a parameter. */
export function parseRoutingKey(key: string): readonly RoutingKeyPart[] | undefined {
  const parts: RoutingKeyPart[] = []
  let end = 0
  for (const { index, 0: written, 1: parameter = '' } of key.matchAll(PARAMETER)) {
    if (index > end) parts.push({ text: key.slice(end, index) })
    parts.push({ parameter })
    end = index + written.length
  }
  if (end < key.length) parts.push({ text: key.slice(end) })
  return parts.some((part) => 'text' in part && /[{}]/.test(part.text)) ? undefined : parts
}

/** The names of a routing key's parameters, in order, each once. */
export function parametersOf(parts: readonly RoutingKeyPart[]): string[] {
  return [...new Set(parts.flatMap((part) => ('parameter' in part ? [part.parameter] : [])))]
}

/** One non-empty word of a routing key: a possible value of a publication's parameter. */
const WORD = '[^.]+'

/** Matches every routing key that a publication's key can become. */
export function anyKeyOf(parts: readonly RoutingKeyPart[]): Fragment {
  return parts.flatMap((part) => ('text' in part ? literally(part.text) : [WORD]))
}
