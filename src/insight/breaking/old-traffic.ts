import type { MessageRule, Publication, Routes, Subscription } from '../../model/routes.ts'
import { possibleQueues } from '../routing/reach.ts'
import { type Comparison, slot } from './comparison.ts'

type Rule = MessageRule | undefined

/** The publications of the old version with the subscriptions that they reach, also those of other projects. */
export class OldTraffic {
  readonly #comparison: Comparison
  readonly #reached = new Map<Publication, readonly string[]>()
  #sent?: ReadonlyMap<string, readonly Rule[]>
  #accepted?: ReadonlyMap<string, readonly Rule[]>

  constructor(comparison: Comparison) {
    this.#comparison = comparison
  }

  /** The rules of the publications that reach the queue of a subscription; undefined for those without one. */
  sentTo({ vhost, queue }: Subscription): readonly Rule[] {
    this.#sent ??= rulesBy(
      this.#routes.flatMap(({ publications }) =>
        publications.flatMap((each) =>
          this.#queuesOf(each).map((name) => [slot(each.vhost, name), each.message] as const),
        ),
      ),
    )
    return [...(this.#sent.get(slot(vhost, queue)) ?? [])]
  }

  /** The rules of the subscriptions that a publication reaches; undefined for those without one. */
  acceptedFrom(publication: Publication): readonly Rule[] {
    this.#accepted ??= rulesBy(
      this.#routes.flatMap(({ subscriptions }) =>
        subscriptions.map(({ vhost, queue, message }) => [slot(vhost, queue), message] as const),
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

function rulesBy(pairs: readonly (readonly [string, Rule])[]): ReadonlyMap<string, readonly Rule[]> {
  const byQueue = new Map<string, Rule[]>()
  for (const [key, rule] of pairs) byQueue.set(key, [...(byQueue.get(key) ?? []), rule])
  return byQueue
}
