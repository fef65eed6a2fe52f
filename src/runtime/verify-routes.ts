import type { Publication, Routes, Subscription } from '../model/routes.ts'
import { ExistenceCheck } from './existence.ts'
import type { Existence, Needed } from './existence.ts'
import type { OpenConnection } from './open-connection.ts'
import { missingError } from './route-error.ts'
import type { RouteError } from './route-error.ts'

/** What a publication needs on the broker. */
export function neededBy(publication: Publication): Needed {
  return publication.exchange === ''
    ? { kind: 'queue', name: publication.routingKey }
    : { kind: 'exchange', name: publication.exchange }
}

/** What a subscription needs on the broker: its queue, and the way out for what fails. */
export function neededToConsume({ queue, failure }: Subscription): Needed[] {
  const needed: Needed[] = [{ kind: 'queue', name: queue }]
  if (failure.kind === 'ladder') {
    needed.push({ kind: 'exchange', name: failure.exchange })
    if (failure.last !== 'discard' && failure.last.exchange !== failure.exchange) {
      needed.push({ kind: 'exchange', name: failure.last.exchange })
    }
  }
  return needed
}

/** Lists what the routes need and the broker does not have. What the login may not look at is not listed. */
export async function findMissing(connection: OpenConnection, routes: Routes): Promise<RouteError[]> {
  const check = new ExistenceCheck(connection.model)
  const known = new Map<string, Existence>()
  const missing: RouteError[] = []
  try {
    for (const publication of routes.publications) {
      const needed = neededBy(publication)
      if (publication.exchange === '' && publication.parameters.length > 0) continue
      if ((await ask(needed)) === 'missing') {
        missing.push(missingError('publication', publication.name, needed, publication.vhost))
      }
    }
    for (const subscription of routes.subscriptions) {
      for (const needed of neededToConsume(subscription)) {
        if ((await ask(needed)) === 'missing') {
          missing.push(missingError('subscription', subscription.name, needed, subscription.vhost))
        }
      }
    }
  } finally {
    await check.close()
  }
  return missing

  async function ask(needed: Needed): Promise<Existence> {
    const key = `${needed.kind}:${needed.name}`
    const answer = known.get(key) ?? (await check.of(needed))
    known.set(key, answer)
    return answer
  }
}
