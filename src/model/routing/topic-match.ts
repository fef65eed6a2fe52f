/**
 * Whether a topic exchange routes a key by this binding key (rabbit_exchange_type_topic): `*` is one word, `#` is any
 * number of words, and the empty text has no words. `same` compares an ordinary word of the binding key with a word
 * of the routing key.
 */
export function topicMatches(
  bindingKey: string,
  routingKey: string,
  same: (bound: string, published: string) => boolean = (bound, published) => bound === published,
): boolean {
  const pattern = wordsOf(bindingKey)
  let reached = skipHashes(pattern, new Set([0]))
  for (const word of wordsOf(routingKey)) {
    const next = new Set<number>()
    for (const at of reached) {
      const bound = pattern[at]
      if (bound === '#') next.add(at)
      else if (bound === '*' || (bound !== undefined && same(bound, word))) next.add(at + 1)
    }
    reached = skipHashes(pattern, next)
  }
  return reached.has(pattern.length)
}

function wordsOf(key: string): readonly string[] {
  return key === '' ? [] : key.split('.')
}

/** A `#` also matches no word. */
function skipHashes(pattern: readonly string[], reached: Set<number>): Set<number> {
  for (const start of reached) {
    let at = start
    while (pattern[at] === '#') reached.add(++at)
  }
  return reached
}
