import type { Rule } from '../../rule.ts'

export const consumerTimeoutExceeded: Rule = {
  id: 'consumer-timeout-exceeded',
  group: 'loss',
  severity: 'warning',
  meaning:
    'A message may stay unacknowledged for longer than the 30 minutes after which the broker closes the channel and requeues it, so it is handled twice.',
  remedy: 'Lower `prefetch` or `timeout` of the subscription, or raise `consumer_timeout` of the broker.',
  adopts: ['prefetch-outlasts-timeout', 'handler-outlasts-timeout'],
  // A broker does not know how long handlers take.
  check: () => [],
}
