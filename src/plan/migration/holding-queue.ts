import { holdingQueueName } from '../../model/generated-names.ts'
import type { Queue } from '../../model/topology.ts'

/**
 * The queue that stands in for another while that is replaced. A quorum queue with a delivery limit that is never
 * reached (`-1` would drop at the first return on 3.10, none at the 21st on 4.0), without a length or a time to live.
 * Where a policy limits its length, it refuses what is too much instead of dropping the oldest, unless the policy says
 * how it overflows.
 */
export function holdingQueue({ vhost, name }: Pick<Queue, 'vhost' | 'name'>): Queue {
  return {
    vhost,
    name: holdingQueueName(name),
    type: 'quorum',
    durable: true,
    autoDelete: false,
    arguments: { 'x-delivery-limit': 1_000_000, 'x-overflow': 'reject-publish' },
  }
}
