/** A routing key in its parts: literal text, and `{parameter}`. */
export type RoutingKeyPart = { readonly text: string } | { readonly parameter: string }

const PARAMETER = /\{([A-Za-z_][A-Za-z0-9_]*)\}/g

/** Takes a routing key apart; undefined when a brace belongs to no parameter. */
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
