import { consumedQueues, coordinationQueues } from '../../model/routes.ts'
import type { Publication, Routes, Subscription } from '../../model/routes.ts'
import { ExistenceCheck } from './existence.ts'
import type { Existence, Needed } from './existence.ts'
import type { OpenConnection } from '../../broker/amqp/connections/open-connection.ts'
import { missingDelaysText, missingText } from './route-error.ts'
import type { Missing } from './route-error.ts'

/** The missing objects of a subscription. */
interface SubscriptionCheck {
  /** The subscription cannot work without these. */
  readonly missing: readonly Missing[]
  /** Missing delay queues, if others exist. Failed messages use the nearest existing one. */
  readonly missingDelays: readonly string[]
}

/**
 * Checks that the objects of routes exist, each once. If the login may not read an object, it assumes that the object
 * exists. It cannot check the dead-letter queue, because routes know only the exchange and the key that lead to it.
 */
export class RouteCheck {
  readonly #check: ExistenceCheck
  readonly #known = new Map<string, Existence>()

  constructor({ model }: OpenConnection) {
    this.#check = new ExistenceCheck(model)
  }

  async publication({ name, vhost, exchange, routingKey, parameters, delays = [] }: Publication): Promise<Missing[]> {
    if (exchange === '' && parameters.length > 0) return []
    const needed: Needed = exchange === '' ? { kind: 'queue', name: routingKey } : { kind: 'exchange', name: exchange }
    const delayed = delays.map((each): Needed => ({ kind: 'exchange', name: each.exchange }))
    return this.#missing('publication', name, vhost, [needed, ...delayed])
  }

  async subscription(subscription: Subscription): Promise<SubscriptionCheck> {
    const { name, vhost, failure } = subscription
    const queues = [...consumedQueues(subscription), ...coordinationQueues(subscription)]
    const needed: Needed[] = queues.map((queue) => ({ kind: 'queue', name: queue }))
    if (failure.kind === 'onFailure') {
      return { missing: await this.#missing('subscription', name, vhost, needed), missingDelays: [] }
    }
    needed.push({ kind: 'exchange', name: failure.exchange })
    if (failure.last !== 'discard' && failure.last.exchange !== failure.exchange) {
      const { exchange, routingKey } = failure.last
      // The default exchange always exists, and routes to the queue that the key names.
      needed.push(exchange === '' ? { kind: 'queue', name: routingKey } : { kind: 'exchange', name: exchange })
    }
    const missing = await this.#missing('subscription', name, vhost, needed)
    if (failure.kind === 'native') return { missing, missingDelays: [] }
    const delays = new Set(failure.delays.filter(({ delay }) => delay > 0).map((each) => each.queue))
    const missingDelays: string[] = []
    for (const delay of delays) {
      if (await this.#isMissing({ kind: 'queue', name: delay })) missingDelays.push(delay)
    }
    // During a rolling deployment, the ladder of a version may exist partially. Without any delay queue, every
    // failure would be held.
    if (missingDelays.length > 0 && missingDelays.length === delays.size) {
      return {
        missing: [...missing, { route: name, text: missingDelaysText(name, missingDelays, vhost) }],
        missingDelays,
      }
    }
    return { missing, missingDelays }
  }

  async close(): Promise<void> {
    await this.#check.close()
  }

  async #missing(
    kind: 'publication' | 'subscription',
    route: string,
    vhost: string,
    needed: readonly Needed[],
  ): Promise<Missing[]> {
    const missing: Missing[] = []
    for (const each of needed) {
      if (await this.#isMissing(each)) missing.push({ route, text: missingText(kind, route, each, vhost) })
    }
    return missing
  }

  async #isMissing(needed: Needed): Promise<boolean> {
    const key = `${needed.kind}:${needed.name}`
    const answer = this.#known.get(key) ?? (await this.#check.of(needed))
    this.#known.set(key, answer)
    return answer === 'missing'
  }
}

/** Lists the missing objects that routes need. */
export async function findMissing(connection: OpenConnection, routes: Routes): Promise<Missing[]> {
  const check = new RouteCheck(connection)
  const missing: Missing[] = []
  try {
    for (const publication of routes.publications) missing.push(...(await check.publication(publication)))
    for (const subscription of routes.subscriptions) missing.push(...(await check.subscription(subscription)).missing)
  } finally {
    await check.close()
  }
  return missing
}
