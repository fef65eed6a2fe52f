import type { Binding } from '../../../model/topology.ts'
import { TopicIndex } from '../../../model/routing/topic-index.ts'
import { groupByKey } from '../../../model/values/group-by-key.ts'
import { anyKeyOf, parseRoutingKey } from '../routes/routing-key.ts'

/** Keys of messages: a single one, or all that the `{parameter}` parts of a publication's key can produce. */
export interface MessageKeys {
  readonly routingKey: string
  readonly hasParameters: boolean
}

/**
 * The maximum number of comparisons of keys with parameters. After that, all bindings of an exchange are assumed to match
 * such a key.
 */
const MOST_COMPARISONS = 1_000_000

/** The bindings of exchanges by their keys, so that messages are not compared with all of them. */
export class BindingsByKey {
  readonly #bindingsFrom: (source: string) => readonly Binding[]
  readonly #direct = new Map<string, ReadonlyMap<string, readonly Binding[]>>()
  readonly #topic = new Map<string, TopicIndex<Binding>>()
  #comparisons = 0

  constructor(bindingsFrom: (source: string) => readonly Binding[]) {
    this.#bindingsFrom = bindingsFrom
  }

  /** The bindings by which an exchange may route messages. Types that consider more than the key may use all of theirs. */
  matching(source: string, type: string | undefined, { routingKey, hasParameters }: MessageKeys): readonly Binding[] {
    const bindings = this.#bindingsFrom(source)
    if (type !== 'direct' && type !== 'topic') return bindings
    if (hasParameters && this.#comparisons >= MOST_COMPARISONS) return bindings
    if (type === 'topic') {
      return this.#topicIndex(source).matching(routingKey, hasParameters ? this.#variableWords(routingKey) : undefined)
    }
    if (!hasParameters) return this.#byRoutingKey(source).get(routingKey) ?? []
    const matches = this.#counted(patternOf(routingKey))
    return bindings.filter((binding) => matches(binding.routingKey))
  }

  /** The words that have parameters. A parameter contains no dot, so the number of words is fixed. */
  #variableWords(routingKey: string): ReadonlyMap<string, (bound: string) => boolean> {
    const words = routingKey.split('.').filter((word) => word.includes('{'))
    return new Map(words.map((word) => [word, this.#counted(patternOf(word))]))
  }

  #counted(pattern: RegExp): (bound: string) => boolean {
    return (bound) => {
      this.#comparisons += 1
      return pattern.test(bound)
    }
  }

  #byRoutingKey(source: string): ReadonlyMap<string, readonly Binding[]> {
    const known = this.#direct.get(source) ?? groupByKey(this.#bindingsFrom(source), ({ routingKey }) => routingKey)
    this.#direct.set(source, known)
    return known
  }

  #topicIndex(source: string): TopicIndex<Binding> {
    const known = this.#topic.get(source)
    if (known !== undefined) return known
    const index = new TopicIndex<Binding>()
    for (const binding of this.#bindingsFrom(source)) index.add(binding.routingKey, binding)
    this.#topic.set(source, index)
    return index
  }
}

/** Matches the keys that a publication's routing key, or a word of it, can become. */
export function patternOf(text: string): RegExp {
  return new RegExp(`^${anyKeyOf(parseRoutingKey(text) ?? []).join('')}$`, 'su')
}
