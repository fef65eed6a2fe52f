import type { Publication, Routes, Subscription } from '../../model/routes.ts'
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
  const traffic = new OldTraffic(comparison)
  return [...sentByNew(comparison, traffic, verdictOf), ...acceptedByNew(comparison, traffic, verdictOf)]
}

function sentByNew(
  { old, current }: Comparison,
  traffic: OldTraffic,
  verdictOf: CompareSchemas,
): readonly BreakingFinding[] {
  const before = new Map(old.routes.publications.map((each) => [slot(each.vhost, each.name), each]))
  return current.routes.publications.flatMap((after) => {
    const was = before.get(slot(after.vhost, after.name))
    if (was === undefined || isSame(was.message?.schema, after.message?.schema)) return []
    // A consumer without a schema was written for what the old publishers promised.
    const accepted = traffic.acceptedFrom(was).map((schema) => schema ?? was.message?.schema)
    const verdicts = (accepted.length === 0 ? [was.message?.schema] : accepted).map((each) =>
      verdictOf(after.message?.schema, each),
    )
    return findingOf(
      worstOf(verdicts),
      routeAddress('publication', after),
      'new publishers may send a message that consumers of the old version refuse',
      after,
    )
  })
}

function acceptedByNew(
  { old, current }: Comparison,
  traffic: OldTraffic,
  verdictOf: CompareSchemas,
): readonly BreakingFinding[] {
  const before = new Map(old.routes.subscriptions.map((each) => [slot(each.vhost, each.name), each]))
  return current.routes.subscriptions.flatMap((after) => {
    const was = before.get(slot(after.vhost, after.name))
    if (was === undefined || isSame(was.message?.schema, after.message?.schema)) return []
    // Publishers without a schema, or unknown ones, send what the old consumers accepted.
    const sent = traffic.sentTo(was).map((schema) => schema ?? was.message?.schema)
    const verdicts = (sent.length === 0 ? [was.message?.schema] : sent).map((each) =>
      verdictOf(each, after.message?.schema),
    )
    return findingOf(
      worstOf(verdicts),
      routeAddress('subscription', after),
      'old publishers may have sent a message that the new version refuses',
      after,
    )
  })
}

function worstOf(verdicts: readonly SchemaVerdict[]): SchemaVerdict {
  const find = (kind: SchemaVerdict['verdict']) => verdicts.find(({ verdict }) => verdict === kind)
  return find('breaking') ?? find('undecided') ?? { verdict: 'compatible' }
}

/** The publications of the old version with the subscriptions that they reach, also those of other projects. */
class OldTraffic {
  readonly #comparison: Comparison
  readonly #reached = new Map<Publication, readonly string[]>()
  #sent?: ReadonlyMap<string, ReadonlySet<unknown>>
  #accepted?: ReadonlyMap<string, ReadonlySet<unknown>>

  constructor(comparison: Comparison) {
    this.#comparison = comparison
  }

  /** The schemas of the publications that reach the queue of a subscription; undefined for those without one. */
  sentTo({ vhost, queue }: Subscription): readonly unknown[] {
    this.#sent ??= schemasBy(
      this.#routes.flatMap(({ publications }) =>
        publications.flatMap((each) =>
          this.#queuesOf(each).map((name) => [slot(each.vhost, name), each.message?.schema] as const),
        ),
      ),
    )
    return [...(this.#sent.get(slot(vhost, queue)) ?? [])]
  }

  /** The schemas of the subscriptions that a publication reaches; undefined for those without one. */
  acceptedFrom(publication: Publication): readonly unknown[] {
    this.#accepted ??= schemasBy(
      this.#routes.flatMap(({ subscriptions }) =>
        subscriptions.map(({ vhost, queue, message }) => [slot(vhost, queue), message?.schema] as const),
      ),
    )
    const accepted = this.#queuesOf(publication).flatMap((name) => [
      ...(this.#accepted?.get(slot(publication.vhost, name)) ?? []),
    ])
    return [...new Set(accepted)]
  }

  get #routes(): readonly Routes[] {
    return [this.#comparison.old.routes, ...this.#comparison.others.map(({ routes }) => routes)]
  }

  #queuesOf(publication: Publication): readonly string[] {
    const { vhost, exchange, routingKey, headers } = publication
    const known = this.#reached.get(publication)
    if (known !== undefined) return known
    const message = { routingKey: routingKey.replaceAll(/\{[^{}]*\}/g, 'any-word'), headers: headers as never }
    const queues = possibleQueues(this.#comparison.model('old', vhost).route(exchange, message))
    this.#reached.set(publication, queues)
    return queues
  }
}

function schemasBy(pairs: readonly (readonly [string, unknown])[]): ReadonlyMap<string, ReadonlySet<unknown>> {
  const byQueue = new Map<string, Set<unknown>>()
  for (const [key, schema] of pairs) byQueue.set(key, (byQueue.get(key) ?? new Set()).add(schema))
  return byQueue
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
