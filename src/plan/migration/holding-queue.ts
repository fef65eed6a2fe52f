import { holdingQueueName } from '../../model/generated-names.ts'
import type { Queue } from '../../model/topology.ts'

/**
 * The queue that holds the messages of another one while it is replaced: a quorum queue without a length limit or
 * message TTL. Its delivery limit is too high to be reached (`-1` would drop at the first return on 3.10, and no
 * limit at the 21st on 4.0). If a policy limits its length, it rejects new messages instead of dropping the oldest,
 * unless the policy sets the overflow.
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
