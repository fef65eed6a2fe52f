import { binding, exchange, queue } from '../objects.ts'
import type { Declarations } from './declarations.ts'

interface DelayLevels {
  readonly nameOf: (level: number) => string
  readonly delivery: string
  readonly type: 'classic' | 'quorum'
}

/**
 * The 28 delay levels, each of twice the delay of the one before, that NServiceBus (`DelayInfrastructure.cs` in 11.2) and
 * Celery (`native_delayed_delivery.py` in kombu 5.6.2) declare in the same way.
 */
export function delayLevels({ nameOf, delivery, type }: DelayLevels): Declarations {
  const levels = Array.from({ length: 28 }, (_, level) => level)
  const keyOf = (bit: 0 | 1, level: number) => `${'*.'.repeat(27 - level)}${bit}.#`
  return {
    exchanges: [
      ...levels.map((level) => exchange(nameOf(level), { type: 'topic' })),
      exchange(delivery, { type: 'topic' }),
    ],
    queues: levels.map((level) =>
      queue(nameOf(level), {
        type,
        arguments: {
          ...(type === 'quorum' && { 'x-dead-letter-strategy': 'at-least-once' }),
          'x-overflow': 'reject-publish',
          'x-message-ttl': 2 ** level * 1000,
          'x-dead-letter-exchange': level > 0 ? nameOf(level - 1) : delivery,
        },
      }),
    ),
    bindings: levels.flatMap((level) => [
      binding(nameOf(level), nameOf(level), { routingKey: keyOf(1, level) }),
      binding(nameOf(level), level > 0 ? nameOf(level - 1) : delivery, {
        destinationType: 'exchange',
        routingKey: keyOf(0, level),
      }),
    ]),
  }
}
