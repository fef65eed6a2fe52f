import type { Publication, Subscription } from '../../model/routes.ts'
import { canonicalJson } from '../../model/address.ts'
import { possibleQueues } from '../routing/reach.ts'
import { type Comparison, routeAddress, slot } from './comparison.ts'
import type { CompareSchemas, SchemaVerdict } from './schemas/compare-schemas.ts'
import { type BreakingFinding, breakingFinding } from './version.ts'

/**
 * Compares message schemas by direction: consumers of the old version have to accept what new publishers send, and
 * consumers of the new version what old publishers sent.
 */
export function compareMessages(comparison: Comparison, compare: CompareSchemas): readonly BreakingFinding[] {
  if (comparison.lacks.has('routes')) return []
  const verdicts = new Map<unknown, Map<unknown, SchemaVerdict>>()
  const verdictOf = (sent: unknown, accepted: unknown) => {
    const known = verdicts.get(sent) ?? new Map<unknown, SchemaVerdict>()
    verdicts.set(sent, known)
    const verdict = known.get(accepted) ?? compare(sent, accepted)
    known.set(accepted, verdict)
    return verdict
  }
  return [...sentByNew(comparison, verdictOf), ...acceptedByNew(comparison, verdictOf)]
}

function sentByNew({ old, current }: Comparison, verdictOf: CompareSchemas): readonly BreakingFinding[] {
  const before = new Map(old.routes.publications.map((each) => [slot(each.vhost, each.name), each]))
  return current.routes.publications.flatMap((after) => {
    const was = before.get(slot(after.vhost, after.name))
    if (was === undefined || isSame(was.message?.schema, after.message?.schema)) return []
    return findingOf(
      verdictOf(after.message?.schema, was.message?.schema),
      routeAddress('publication', after),
      'new publishers may send a message that consumers of the old version refuse',
      after,
    )
  })
}

function acceptedByNew(comparison: Comparison, verdictOf: CompareSchemas): readonly BreakingFinding[] {
  const before = new Map(comparison.old.routes.subscriptions.map((each) => [slot(each.vhost, each.name), each]))
  const arriving = new ArrivingSchemas(comparison)
  return comparison.current.routes.subscriptions.flatMap((after) => {
    const was = before.get(slot(after.vhost, after.name))
    if (was === undefined || isSame(was.message?.schema, after.message?.schema)) return []
    // A version without a schema accepted whatever the publishers sent.
    const sent = was.message?.schema === undefined ? arriving.at(was) : [was.message.schema]
    const all = sent.map((each) => verdictOf(each, after.message?.schema))
    const worst =
      all.find(({ verdict }) => verdict === 'breaking') ?? all.find(({ verdict }) => verdict === 'undecided')
    return findingOf(
      worst ?? { verdict: 'compatible' },
      routeAddress('subscription', after),
      'old publishers may have sent a message that the new version refuses',
      after,
    )
  })
}

/** The schemas of the publications that reach a queue in the old version. */
class ArrivingSchemas {
  readonly #comparison: Comparison
  #byQueue?: ReadonlyMap<string, readonly unknown[]>

  constructor(comparison: Comparison) {
    this.#comparison = comparison
  }

  /** Returns one schema that accepts any message if no known publication reaches the queue. */
  at({ vhost, queue }: Subscription): readonly unknown[] {
    this.#byQueue ??= this.#index()
    return this.#byQueue.get(slot(vhost, queue)) ?? [true]
  }

  #index(): ReadonlyMap<string, readonly unknown[]> {
    const byQueue = new Map<string, Set<unknown>>()
    const { old, others } = this.#comparison
    for (const each of [old.routes, ...others.map(({ routes }) => routes)].flatMap(
      ({ publications }) => publications,
    )) {
      const { vhost, exchange, routingKey, headers } = each
      const message = { routingKey: routingKey.replaceAll(/\{[^{}]*\}/g, 'any-word'), headers: headers as never }
      for (const name of possibleQueues(this.#comparison.model('old', vhost).route(exchange, message))) {
        const key = slot(vhost, name)
        byQueue.set(key, (byQueue.get(key) ?? new Set()).add(each.message?.schema ?? true))
      }
    }
    return new Map([...byQueue].map(([key, schemas]) => [key, [...schemas]]))
  }
}

function findingOf(
  verdict: SchemaVerdict,
  at: string,
  reason: string,
  { origin }: Publication | Subscription,
): readonly BreakingFinding[] {
  const location = origin === undefined ? {} : { location: origin }
  switch (verdict.verdict) {
    case 'compatible':
      return [breakingFinding('message-compatible', 'safe', at, 'its schema has changed and is compatible', location)]
    case 'undecided':
      return [
        breakingFinding(
          'message-undecided',
          'risky',
          at,
          'its schema has changed, and no message was found that is refused',
          location,
        ),
      ]
    case 'breaking': {
      const { counterexample } = verdict
      const shown = canonicalJson(counterexample)
      const text = shown.length > 300 ? `${shown.slice(0, 300)}…` : shown
      return [breakingFinding('message-refused', 'breaking', at, `${reason}: ${text}`, { counterexample, ...location })]
    }
  }
}

function isSame(before: unknown, after: unknown): boolean {
  return before === after || canonicalJson(before ?? null) === canonicalJson(after ?? null)
}
