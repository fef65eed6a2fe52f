import type { Publication, Subscription } from '../../src/model/routes.ts'

/** Routes of programs with defaults for everything that a test does not care about. */

export function publication(name: string, properties: Partial<Publication> = {}): Publication {
  return {
    name,
    vhost: '/',
    exchange: '',
    routingKey: '',
    parameters: [],
    headers: {},
    persistent: true,
    mandatory: true,
    confirm: true,
    ...properties,
  }
}

/** A subscription that is named after its queue. */
export function subscription(queue: string, properties: Partial<Subscription> = {}): Subscription {
  return { name: queue, vhost: '/', queue, failure: { kind: 'onFailure', action: 'requeue' }, ...properties }
}
