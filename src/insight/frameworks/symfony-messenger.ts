import type { Queue } from '../../model/topology.ts'
import type { FrameworkRules } from './rule.ts'

/** A delay queue is deleted ten seconds after its last message expires. */
const LEASE = 10_000
const DELAY_QUEUE_NAME = /^delay_.*_(\d+)(?:_delay|_retry)?$/

/**
 * The declarations of Symfony Messenger, from symfony/amqp-messenger 7.0.4, `Transport/Connection.php`. The delay
 * queues have names of the default `queue_name_pattern`, with or without the suffix of later versions.
 */
export const SYMFONY_MESSENGER: FrameworkRules = {
  framework: 'Symfony Messenger',
  exchanges: [
    {
      what: 'delay exchange',
      role: 'application',
      name: /./,
      shape: ({ name, type, durable }, vhost) => {
        if (type !== 'direct' || !durable) return false
        const bindings = vhost.from(name)
        if (bindings.length === 0) return name === 'delays'
        return bindings.every(({ destination, routingKey }) => {
          const queue = vhost.queue(destination)
          return routingKey === destination && queue !== undefined && isDelayQueue(queue)
        })
      },
      why: 'Delayed and retried messages pass through it. It is declared by `messenger:setup-transports`, or with `auto_setup`.',
    },
  ],
  queues: [
    {
      what: 'delay queue',
      role: 'infrastructure',
      name: DELAY_QUEUE_NAME,
      shape: isDelayQueue,
      why: 'Messages wait here for one delay. It is declared with each such message, even without `auto_setup`, and expires.',
    },
  ],
}

function isDelayQueue({ name, arguments: table }: Queue): boolean {
  const ttl = table['x-message-ttl']
  return (
    DELAY_QUEUE_NAME.test(name) &&
    typeof ttl === 'number' &&
    table['x-expires'] === ttl + LEASE &&
    'x-dead-letter-exchange' in table
  )
}
