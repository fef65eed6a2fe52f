import type { DeadLetterRoute } from '../../../src/model/routing/dead-letter-route.ts'

/** The route of a queue's dead letters, as with `deadLetter: true`. */
export function route(queue: string, overrides: Partial<DeadLetterRoute> = {}): DeadLetterRoute {
  const failed = `${queue}.failed`
  return {
    vhost: '/',
    queue,
    deadLetterQueue: `${queue}.dead`,
    exchange: failed,
    routingKey: 'dead',
    back: { exchange: failed, routingKey: 'back' },
    ...overrides,
  }
}
