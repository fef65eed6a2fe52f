import type { DeadLetterQueue } from '../../operate/dead-letters/dead-letter-queues.ts'
import type { DeliveryRule } from '../../operate/dead-letters/delivery-guard.ts'
import { requireLasting, requireLooks } from '../../operate/dead-letters/delivery-guard.ts'
import type { QueueState } from '../../operate/dead-letters/reports.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { reads } from '../../broker/management/reads.ts'
import type { ReceivedQueueState } from '../../broker/management/answers/received.ts'
import { countReady } from '../../broker/amqp/count-ready.ts'
import { address } from '../../model/address.ts'
import type { DeadLetterSession } from './dead-letter-session.ts'

/** The state of a dead-letter queue on the broker. */
export interface DeadLetterState extends QueueState {
  /** Whether the broker deletes it with its last consumer. */
  readonly isAutoDelete: boolean
  /** How often it may deliver a message. */
  readonly rule: DeliveryRule
}

/** Undefined when there is no such queue on the broker. */
export async function stateOf(
  session: DeadLetterSession,
  { vhost, name }: DeadLetterQueue,
  received: readonly ReceivedQueueState[],
): Promise<DeadLetterState | undefined> {
  const queue = received.find((each) => each.name === name)
  if (queue === undefined) return undefined
  const counted = await countReady(session.amqp, vhost, name)
  if (counted === 'missing') return undefined
  const { type = 'classic', arguments: table, messages_unacknowledged: unacknowledged } = queue
  return {
    type,
    ready: counted.messages,
    ...(unacknowledged !== undefined && { unacknowledged }),
    consumers: counted.consumers,
    isAutoDelete: queue.auto_delete === true,
    rule: { type, arguments: table, policies: await policiesOn(session, queue), version: session.broker.version },
  }
}

async function policiesOn({ client }: DeadLetterSession, queue: ReceivedQueueState): Promise<DeliveryRule['policies']> {
  const { vhost, type, policy, operator_policy: operatorPolicy } = queue
  // Only quorum queues count deliveries, and most queues have no policy, so usually no request is needed.
  if (type !== 'quorum' || (!policy && !operatorPolicy)) return []
  const [policies, operatorPolicies] = await Promise.all([
    reads.policies(client, vhost),
    reads.operatorPolicies(client, vhost),
  ])
  return [
    ...policies.filter(({ name }) => name === policy),
    ...operatorPolicies.filter(({ name }) => name === operatorPolicy),
  ].map(({ definition }) => definition)
}

/**
 * Reads the state of a queue before warren reads its messages.
 *
 * @param useDeliveries reads messages even if that counts against the delivery limit
 * @throws {WarrenError} `MISSING_OBJECT` when it does not exist, `NOT_A_QUEUE` when it is a stream, `DELIVERY_LIMIT` or
 *   `QUEUE_DELETES_ITSELF` when reading its messages would lose some
 */
export async function stateToLook(
  session: DeadLetterSession,
  queue: DeadLetterQueue,
  useDeliveries: boolean,
): Promise<DeadLetterState> {
  const state = await stateOf(session, queue, await reads.queueStates(session.client, queue.vhost))
  const { vhost, name } = queue
  const at = address('queue', vhost, name)
  if (state === undefined) {
    throw new WarrenError(`${at} is not on the broker`, {
      code: 'MISSING_OBJECT',
      hint: 'create it with `warren apply`; a login without any right on the vhost cannot see it either',
    })
  }
  if (state.type === 'stream') {
    throw new WarrenError(`${at} is a stream, which keeps its messages after they are read`, {
      code: 'NOT_A_QUEUE',
      hint: 'read it with a subscription that has an offset; messages of a stream cannot be replayed or purged',
    })
  }
  requireLasting(vhost, name, state.isAutoDelete)
  if (!useDeliveries) requireLooks(vhost, name, state.rule)
  return state
}
