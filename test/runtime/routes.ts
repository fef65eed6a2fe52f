import type { Publication, Subscription } from '../../src/model/routes.ts'

/** A publication for tests, which set the properties that they test. */
export function publication(overrides: Partial<Publication> = {}): Publication {
  return {
    name: 'send-email',
    vhost: '/',
    exchange: 'tasks',
    routingKey: 'email',
    parameters: [],
    headers: {},
    persistent: true,
    mandatory: true,
    confirm: true,
    ...overrides,
  }
}

/** A subscription of tests, to a quorum queue without `retry` and `deadLetter`. */
export function subscription(overrides: Partial<Subscription> = {}): Subscription {
  return {
    name: 'emails',
    vhost: '/',
    queue: 'email',
    queueType: 'quorum',
    failure: { kind: 'onFailure', action: 'requeue' },
    ...overrides,
  }
}
