/** The text that a regular expression has to match, in indivisible steps: an escaped character, or one whole word. */
export type Fragment = readonly string[]

/** RabbitMQ 4.3 refuses longer regular expressions (rabbit_re). In bytes. */
export const LONGEST_PATTERN = 1_024

const SPECIAL = /[\\^$.|?*+()[\]{}]/

/** Matches the text itself. */
export function literally(text: string): Fragment {
  return Array.from(text, (character) => (SPECIAL.test(character) ? `\\${character}` : character))
}

/**
 * Makes the anchored regular expression that matches exactly these fragments; `""`, which matches no name, if there
 * are none. An expression that would be too long for the broker is shortened by common prefixes.
 */
export function patternOf(fragments: Iterable<Fragment>): string {
  const byText = new Map(Array.from(fragments, (each) => [each.join(''), each]))
  if (byText.size === 0) return ''
  const texts = [...byText.keys()].toSorted()
  const plain = anchored(texts)
  if (new TextEncoder().encode(plain).length <= LONGEST_PATTERN) return plain
  return anchored(alternativesOf(prefixTree(byText.values())))
}

function anchored(alternatives: readonly string[]): string {
  return alternatives.length === 1 ? `^${alternatives[0]}$` : `^(${alternatives.join('|')})$`
}

interface PrefixTree {
  ends: boolean
  readonly steps: Map<string, PrefixTree>
}

function prefixTree(fragments: Iterable<Fragment>): PrefixTree {
  const root: PrefixTree = { ends: false, steps: new Map() }
  for (const fragment of fragments) {
    let at = root
    for (const step of fragment) {
      let next = at.steps.get(step)
      if (!next) at.steps.set(step, (next = { ends: false, steps: new Map() }))
      at = next
    }
    at.ends = true
  }
  return root
}

/** The texts that may follow a node of the tree, with common prefixes factored out if that is shorter. */
function alternativesOf({ ends, steps }: PrefixTree): string[] {
  const alternatives = [...steps]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([step, next]) => {
      const { prefix, branching } = commonPrefix(step, next)
      const rest = alternativesOf(branching)
      const apart = rest.map((each) => prefix + each)
      const together = `${prefix}(${rest.join('|')})`
      return together.length < apart.join('|').length ? [together] : apart
    })
  return ends ? ['', ...alternatives] : alternatives
}

/** Follows the tree to the next end or branch. */
function commonPrefix(step: string, next: PrefixTree): { prefix: string; branching: PrefixTree } {
  let [prefix, branching] = [step, next]
  while (!branching.ends && branching.steps.size === 1) {
    for (const [following, after] of branching.steps) [prefix, branching] = [prefix + following, after]
  }
  return { prefix, branching }
}
