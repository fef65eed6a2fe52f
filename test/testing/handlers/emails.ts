import type { FailureRule, Subscription } from '../../../src/model/routes.ts'
import type { RoutesSource } from '../../../src/runtime/index.ts'
import { publication, subscription } from '../../runtime/routes.ts'

const SCHEMA = {
  type: 'object',
  required: ['to'],
  properties: { to: { type: 'string' } },
}

const LAST = { exchange: 'email.failed', routingKey: 'dead' }

/** Two delay queues, and then the dead-letter queue. */
export const LADDER: FailureRule = {
  kind: 'ladder',
  exchange: 'email.failed',
  delays: [
    { delay: 5_000, routingKey: '5s', queue: 'email.retry.5s' },
    { delay: 60_000, routingKey: '1m', queue: 'email.retry.1m' },
  ],
  last: LAST,
}

/** Two retries by the broker, and then the dead-letter queue. */
export const NATIVE: FailureRule = {
  kind: 'native',
  exchange: 'email.failed',
  min: 1_000,
  max: 10_000,
  attempts: 2,
  last: LAST,
}

/**
 * A topology with one queue of emails, whose messages have a schema; a test sets the properties of its subscription.
 */
export function emails(about: Partial<Subscription> = {}): RoutesSource {
  return {
    routes: {
      publications: [
        publication({ message: { schema: SCHEMA } }),
        publication({ name: 'sent', exchange: 'events', routingKey: 'email.{country}.sent', parameters: ['country'] }),
      ],
      subscriptions: [subscription({ failure: LADDER, message: { schema: SCHEMA }, ...about })],
    },
  }
}
