/** The words that binding keys have in common up to one position. */
class Node<T> {
  readonly words = new Map<string, Node<T>>()
  readonly items: T[] = []
  /** Whether the node stands for `#`, which matches any number of words. */
  readonly takesAnyWords: boolean

  constructor(word?: string) {
    this.takesAnyWords = word === '#'
  }
}

/**
 * Finds the binding keys of a topic exchange that match a routing key, without comparing all of them
 * (rabbit_db_topic_exchange): `*` matches one word, which may be empty, and `#` any number of words. The empty
 * routing key has no words.
 */
export class TopicIndex<T> {
  readonly #root = new Node<T>()

  add(bindingKey: string, item: T): void {
    let node = this.#root
    for (const word of wordsOf(bindingKey)) {
      const next = node.words.get(word) ?? new Node<T>(word)
      node.words.set(word, next)
      node = next
    }
    node.items.push(item)
  }

  /**
   * The items whose binding key matches.
   *
   * @param variable words of the routing key that stand for several, and whether a word of a binding key is one of them
   */
  matching(routingKey: string, variable?: ReadonlyMap<string, (bound: string) => boolean>): T[] {
    let reached = withHashes(new Set([this.#root]))
    for (const word of wordsOf(routingKey)) {
      const next = new Set<Node<T>>()
      for (const node of reached) {
        if (node.takesAnyWords) next.add(node)
        for (const child of childrenFor(node, word, variable?.get(word))) next.add(child)
      }
      reached = withHashes(next)
    }
    return [...reached].flatMap(({ items }) => items)
  }
}

function childrenFor<T>(node: Node<T>, word: string, isOne?: (bound: string) => boolean): readonly Node<T>[] {
  const any = node.words.get('*')
  const bound =
    isOne === undefined
      ? [isWildcard(word) ? undefined : node.words.get(word)]
      : [...node.words].map(([each, child]) => (!isWildcard(each) && isOne(each) ? child : undefined))
  return [any, ...bound].filter((child) => child !== undefined)
}

/** A `#` also matches no word at all. */
function withHashes<T>(reached: Set<Node<T>>): Set<Node<T>> {
  for (const node of reached) {
    const hash = node.words.get('#')
    if (hash !== undefined) reached.add(hash)
  }
  return reached
}

/** In a routing key, `*` and `#` are ordinary words, and no binding key can match them exactly. */
function isWildcard(word: string): boolean {
  return word === '*' || word === '#'
}

function wordsOf(key: string): readonly string[] {
  return key === '' ? [] : key.split('.')
}
