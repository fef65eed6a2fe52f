import { addressOf, canonicalJson, escapeName } from '../../model/address.ts'
import type { Publication } from '../../model/routes.ts'
import type { Binding } from '../../model/topology.ts'
import { type Reach, isCertain, possibleQueues } from '../routing/reach.ts'
import type { Message } from '../routing/vhost-model.ts'
import { type Comparison, routeAddress, slot } from './comparison.ts'
import { type BreakingFinding, breakingFinding } from './version.ts'

/** A word that probably occurs in no binding key. */
const ANY_WORD = 'any-word'
/** The maximum number of words to try for the parameters of a publication. */
const MOST_SAMPLES = 50

/**
 * Finds publications that reach other queues than before, and bindings whose removal may leave messages without any
 * declared queue.
 */
export function compareReach(comparison: Comparison): readonly BreakingFinding[] {
  const { old, current, others } = comparison
  const changed = new ChangedBindings(comparison)
  const after = new Map(current.routes.publications.map((each) => [slot(each.vhost, each.name), each]))
  const reaches = new Reaches(comparison)
  const own = old.routes.publications.flatMap((before) => {
    const same = after.get(slot(before.vhost, before.name))
    return same === undefined ? [] : comparePublication(before, same, reaches, changed)
  })
  const foreign = others.flatMap(({ project, routes }) =>
    routes.publications.flatMap((each) => comparePublication(each, each, reaches, changed, project)),
  )
  return [...own, ...foreign, ...changed.removed.flatMap((each) => compareBinding(each, reaches))]
}

/**
 * Computes which queues messages reach in each version, with the queues under their current names. Computes each
 * message only once.
 */
class Reaches {
  readonly #comparison: Comparison
  readonly #known = new Map<string, Reach>()

  constructor(comparison: Comparison) {
    this.#comparison = comparison
  }

  of(version: 'old' | 'current', vhost: string, exchange: string, message: Message): Reach {
    const key = canonicalJson([version, vhost, exchange, message])
    const known = this.#known.get(key)
    if (known !== undefined) return known
    const reach = this.#comparison.model(version, vhost).route(exchange, message)
    const named = version === 'old' ? this.#renamed(vhost, reach) : reach
    this.#known.set(key, named)
    return named
  }

  hasExchange(version: 'old' | 'current', vhost: string, exchange: string): boolean {
    return exchange === '' || this.#comparison.model(version, vhost).exchange(exchange) !== undefined
  }

  #renamed(vhost: string, reach: Reach): Reach {
    if (this.#comparison.renamedQueues.size === 0) return reach
    return {
      queues: reach.queues.map((name) => this.#comparison.currentName(vhost, name)).toSorted(),
      choices: reach.choices.map(({ options, because }) => ({
        because,
        options: options.map((option) => this.#renamed(vhost, option)),
      })),
      doubts: reach.doubts,
    }
  }
}

/** The bindings that only one of the versions has, by their exchange and the first word of their key. */
class ChangedBindings {
  readonly removed: readonly Binding[]
  readonly #byFirstWord = new Map<string, Binding[]>()

  constructor({ old, current }: Comparison) {
    const addressesOf = (bindings: readonly Binding[]) => new Set(bindings.map((each) => addressOf('binding', each)))
    const [before, after] = [addressesOf(old.topology.bindings), addressesOf(current.topology.bindings)]
    this.removed = old.topology.bindings.filter((each) => !after.has(addressOf('binding', each)))
    const added = current.topology.bindings.filter((each) => !before.has(addressOf('binding', each)))
    for (const each of [...this.removed, ...added]) {
      const key = canonicalJson([each.vhost, each.source, each.routingKey.split('.')[0]])
      const list = this.#byFirstWord.get(key) ?? []
      if (list.length === 0) this.#byFirstWord.set(key, list)
      if (list.length < MOST_SAMPLES) list.push(each)
    }
  }

  /** The changed bindings that may match a publication, judged by the first word of its routing key. */
  near({ vhost, exchange, routingKey }: Publication): readonly Binding[] {
    const [first = ''] = routingKey.split('.')
    return [first, '*', '#'].flatMap((word) => this.#byFirstWord.get(canonicalJson([vhost, exchange, word])) ?? [])
  }
}

function comparePublication(
  before: Publication,
  after: Publication,
  reaches: Reaches,
  changed: ChangedBindings,
  project?: string,
): readonly BreakingFinding[] {
  const { vhost } = after
  // If no known project declares the exchange, its reach is unknown.
  if (!reaches.hasExchange('old', vhost, before.exchange)) return []
  const lost = new Set<string>()
  const gained = new Set<string>()
  let undecided = false
  let none = false
  for (const values of parameterValues(before, changed)) {
    const [old, current] = [
      reaches.of('old', vhost, before.exchange, messageOf(before, values)),
      reaches.of('current', vhost, after.exchange, messageOf(after, values)),
    ]
    const possible = new Set(possibleQueues(current))
    const former = new Set(possibleQueues(old))
    for (const name of current.doubts.length > 0 ? [] : old.queues) if (!possible.has(name)) lost.add(name)
    for (const name of old.doubts.length > 0 ? [] : current.queues) if (!former.has(name)) gained.add(name)
    undecided ||= !(isCertain(old) && isCertain(current)) && canonicalJson(old) !== canonicalJson(current)
    none ||= former.size > 0 && possible.size === 0 && isCertain(current)
  }
  const at = routeAddress('publication', after)
  const more = {
    ...(project !== undefined && { usedBy: [project], part: escapeName(project) }),
    ...(project === undefined && after.origin && { location: after.origin }),
  }
  if (lost.size > 0) {
    const ends = none ? ', and reaches no queue at all' : gained.size > 0 ? `, and now ${named(gained)}` : ''
    const rule = gained.size > 0 ? 'publication-reaches-others' : 'publication-reaches-fewer'
    return [breakingFinding(rule, 'breaking', at, `it no longer reaches ${named(lost)}${ends}`, more)]
  }
  if (undecided) {
    const reason = 'it may reach other queues than before, and the topology alone does not decide which'
    return [breakingFinding('reach-undecided', 'risky', at, reason, more)]
  }
  return gained.size === 0
    ? []
    : [breakingFinding('publication-reaches-more', 'safe', at, `it also reaches ${named(gained)}`, more)]
}

function named(names: ReadonlySet<string>): string {
  const all = [...names].toSorted()
  const shown = all
    .slice(0, 5)
    .map((each) => JSON.stringify(each))
    .join(', ')
  return all.length > 5 ? `${shown} and ${all.length - 5} more` : shown
}

function messageOf({ routingKey, headers }: Publication, values: Readonly<Record<string, string>>): Message {
  const key = routingKey.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => values[name] ?? ANY_WORD)
  return { routingKey: key, headers }
}

/** Sample words for the parameters of a publication: any word, and the words that occur in changed bindings. */
function parameterValues(
  publication: Publication,
  changed: ChangedBindings,
): readonly Readonly<Record<string, string>>[] {
  const any = Object.fromEntries(publication.parameters.map((name) => [name, ANY_WORD]))
  if (publication.parameters.length === 0) return [any]
  const words = publication.routingKey.split('.')
  const samples = changed.near(publication).map(({ routingKey }) => {
    const binding = routingKey.split('.')
    const values = words.flatMap((word, index): [string, string][] => {
      const name = /^\{([^{}]*)\}$/.exec(word)?.[1]
      const own = binding[index]
      return name === undefined || own === undefined || own === '*' || own === '#' || own === '' ? [] : [[name, own]]
    })
    return { ...any, ...Object.fromEntries(values) }
  })
  return [...new Map([any, ...samples].map((each) => [canonicalJson(each), each])).values()].slice(0, MOST_SAMPLES)
}

/** Removing a binding changes nothing if its messages still arrive through another one. */
function compareBinding(binding: Binding, reaches: Reaches): readonly BreakingFinding[] {
  const { vhost, source, routingKey, arguments: table } = binding
  if (!reaches.hasExchange('current', vhost, source)) return []
  const headers = Object.fromEntries(Object.entries(table).filter(([name]) => !name.startsWith('x-')))
  const key = routingKey
    .split('.')
    .map((word) => (word === '*' || word === '#' ? ANY_WORD : word))
    .join('.')
  const message = { routingKey: key, headers }
  const current = new Set(possibleQueues(reaches.of('current', vhost, source, message)))
  const lost = reaches.of('old', vhost, source, message).queues.filter((name) => !current.has(name))
  if (lost.length === 0) return []
  const reason = `messages with such a key no longer reach ${named(new Set(lost))}`
  return [breakingFinding('binding-removed', 'risky', addressOf('binding', binding), reason)]
}
