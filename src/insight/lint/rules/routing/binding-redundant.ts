import type { Binding } from '../../../../model/topology.ts'
import { TopicIndex } from '../../../../model/routing/topic-index.ts'
import { about, type Rule } from '../../rule.ts'

export const bindingRedundant: Rule = {
  id: 'binding-redundant',
  group: 'routing',
  severity: 'warning',
  meaning: 'Another binding takes every message that a binding takes to the same destination.',
  remedy: 'Remove one of the two bindings; the queue still gets one copy of each message.',
  *check({ vhosts }) {
    for (const { topology, exchanges } of vhosts) {
      for (const group of sameEnds(topology.bindings)) {
        const type = exchanges.get(group[0]?.source ?? '')?.type
        const covered = type === 'topic' ? coveredKeys(group) : type === 'fanout' ? otherThanFirst(group) : []
        for (const { binding, by } of covered) {
          const shown = `the binding from "${binding.source}" to ${binding.destinationType} "${binding.destination}" with key "${binding.routingKey}"`
          const message = `${shown} adds nothing to the one with key "${by.routingKey}"`
          yield {
            ...about('binding', binding, message, 'remove it, or narrow the other one'),
            fix: { edit: { kind: 'remove-item' }, done: `removed ${shown}` },
          }
        }
      }
    }
  },
}

interface Covered {
  readonly binding: Binding
  readonly by: Binding
}

/** Groups the bindings without arguments that have the same source and destination, if there are several. */
function sameEnds(bindings: readonly Binding[]): readonly (readonly Binding[])[] {
  const groups = new Map<string, Binding[]>()
  for (const each of bindings) {
    if (each.external || Object.keys(each.arguments).length > 0) continue
    const key = JSON.stringify([each.source, each.destinationType, each.destination])
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [each])
    else group.push(each)
  }
  return [...groups.values()].filter(({ length }) => length > 1)
}

function otherThanFirst([first, ...others]: readonly Binding[]): readonly Covered[] {
  // The broker has each binding only once, but a list may contain it twice.
  const different = others.filter(({ routingKey }) => routingKey !== first?.routingKey)
  return first === undefined ? [] : different.map((binding) => ({ binding, by: first }))
}

function coveredKeys(group: readonly Binding[]): readonly Covered[] {
  const index = new TopicIndex<Binding>()
  for (const each of group) if (hasWildcard(each.routingKey)) index.add(each.routingKey, each)
  const longest = Math.max(...group.map(({ routingKey }) => routingKey.split('.').length))
  // If two keys match the same messages, one of them has to be kept.
  const covered = new Map<Binding, Binding>()
  for (const binding of group) {
    const by = coveringBindings(binding, index, longest).find((each) => each !== binding && !covered.has(each))
    if (by !== undefined) covered.set(binding, by)
  }
  return Array.from(covered, ([binding, by]) => ({ binding, by }))
}

/**
 * The bindings whose keys match everything that another key matches. Each `*` of that key is replaced with a word
 * that only a wildcard matches. Each `#` is replaced with no word, with one, and with more words than any key has,
 * which only a `#` matches.
 */
function coveringBindings(binding: Binding, index: TopicIndex<Binding>, longest: number): readonly Binding[] {
  const words = binding.routingKey === '' ? [] : binding.routingKey.split('.')
  const hashes = words.filter((word) => word === '#').length
  const counts = hashes === 0 ? [0] : Array.from({ length: longest + 2 }, (_, count) => count)
  let candidates: ReadonlySet<Binding> | undefined
  for (const count of counts) {
    const key = words.flatMap((word) => (word === '#' ? Array.from({ length: count }, () => '*') : [word])).join('.')
    const matching = index.matching(key)
    const kept: ReadonlySet<Binding> = new Set(
      candidates === undefined ? matching : matching.filter((each) => candidates?.has(each)),
    )
    candidates = kept
    if (kept.size === 0) return []
  }
  // With several `#`, their counts would have to vary independently; then only the key `#` is certain.
  return [...(candidates ?? [])].filter(({ routingKey }) => hashes < 2 || routingKey === '#')
}

function hasWildcard(key: string): boolean {
  return key.split('.').some((word) => word === '*' || word === '#')
}
