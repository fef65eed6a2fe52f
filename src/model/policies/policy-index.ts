import { BrokerPattern, bytesOf } from '../values/broker-pattern.ts'
import type { Policy } from '../topology.ts'

/** An object that a policy may apply to. */
export interface PolicyTarget {
  readonly kind: 'queue' | 'exchange'
  readonly vhost: string
  readonly name: string
  /** The queue's type; undefined means the default of the vhost. */
  readonly type?: string
}

/** The kinds of objects that each `apply-to` means (RabbitMQ docs, Policies). */
const APPLIES: Readonly<Record<string, (target: PolicyTarget) => boolean>> = {
  all: () => true,
  exchanges: ({ kind }) => kind === 'exchange',
  queues: ({ kind }) => kind === 'queue',
  classic_queues: ({ kind, type }) => kind === 'queue' && (type === undefined || type === 'classic'),
  quorum_queues: ({ kind, type }) => kind === 'queue' && (type === undefined || type === 'quorum'),
  streams: ({ kind, type }) => kind === 'queue' && (type === undefined || type === 'stream'),
}

/** A policy that matches an object. */
export interface Match<T> {
  readonly item: T
  /** False if JavaScript cannot evaluate its pattern, so that it is unknown whether it matches. */
  readonly certain: boolean
}

type PolicyPattern = Pick<Policy, 'vhost' | 'pattern' | 'applyTo'>

/**
 * Finds the policies whose pattern and `apply-to` match an object. The broker matches bytes, unanchored and
 * case-sensitive (rabbit_policy).
 *
 * A pattern for a single name, as `deadLetter: { by: policy }` makes one for each queue, is found by this name,
 * because testing each pattern on each queue would take quadratic time.
 */
export class PolicyIndex<T> {
  readonly #vhosts = new Map<string, Patterns<T>>()

  /** @param policyOf returns the policy of an item */
  constructor(items: Iterable<T>, policyOf: (item: T) => PolicyPattern) {
    for (const item of items) {
      const policy = policyOf(item)
      const patterns = this.#vhosts.get(policy.vhost) ?? new Patterns()
      this.#vhosts.set(policy.vhost, patterns)
      patterns.add(item, policy)
    }
  }

  /** The policies that match or may match, in the given order. */
  matching(target: PolicyTarget): Match<T>[] {
    return this.#vhosts.get(target.vhost)?.matching(target) ?? []
  }
}

interface Entry<T> {
  readonly item: T
  readonly place: number
  readonly applies: (target: PolicyTarget) => boolean
}

/** The policies of one vhost. */
class Patterns<T> {
  readonly #byName = new Map<string, Entry<T>[]>()
  readonly #others: (Entry<T> & { readonly pattern: BrokerPattern; readonly beginning: string })[] = []
  #count = 0

  add(item: T, { pattern, applyTo }: PolicyPattern): void {
    const entry = { item, place: this.#count++, applies: APPLIES[applyTo] ?? (() => true) }
    const bytes = bytesOf(pattern)
    const name = onlyName(bytes)
    if (name === undefined)
      this.#others.push({ ...entry, pattern: new BrokerPattern(pattern), beginning: beginningOf(bytes) })
    else this.#byName.set(name, [...(this.#byName.get(name) ?? []), entry])
  }

  matching(target: PolicyTarget): Match<T>[] {
    const name = bytesOf(target.name)
    const found: (Match<T> & { readonly place: number })[] = []
    for (const { item, place, applies } of this.#byName.get(name) ?? []) {
      if (applies(target)) found.push({ item, place, certain: true })
    }
    for (const { item, place, applies, pattern, beginning } of this.#others) {
      if (!name.startsWith(beginning) || !applies(target)) continue
      const matches = pattern.matchesBytes(name)
      if (matches !== false) found.push({ item, place, certain: matches === true })
    }
    return found.toSorted((a, b) => a.place - b.place).map(({ item, certain }) => ({ item, certain }))
  }
}

/**
 * The text that all names begin with that a pattern matches, as in `^email\.api.*`, so that most names need no regular
 * expression. Empty if the pattern does not say, as with `^a|b`, `^a?b` or an escaped letter.
 */
function beginningOf(pattern: string): string {
  if (pattern.includes('|')) return ''
  const literal = /^\^((?:(?:[^\\^$.|?*+()[\]{}]|\\[^A-Za-z0-9])(?![?*+{]))*)/s.exec(pattern)?.[1] ?? ''
  return literal.replaceAll(/\\(.)/gs, '$1')
}

/** The only name that a pattern matches, if there is one, as in `^email\.api$`. */
function onlyName(pattern: string): string | undefined {
  const literal = /^\^((?:[^\\^$.|?*+()[\]{}]|\\[^A-Za-z0-9])*)\$$/s.exec(pattern)?.[1]
  return literal?.replaceAll(/\\(.)/gs, '$1')
}
