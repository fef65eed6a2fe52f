import type { Publication, Subscription } from '../../src/model/routes.ts'

/** A publication with defaults, for tests that set some properties. */
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

/** A subscription to a quorum queue without `retry` and `deadLetter`, for tests. */
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
