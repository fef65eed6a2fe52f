import { address, addressOf } from '../../model/address.ts'
import { queueOfFailedExchange } from '../../model/generated-names.ts'
import type { Binding, Queue } from '../../model/topology.ts'
import type { PlanContext } from '../plan-context.ts'
import { impactOf } from './impact.ts'

/**
 * Finds the delay queues of delays that a ladder no longer has, with the messages that wait in them still: workers of
 * the version before may use them until they are replaced.
 *
 * @returns by the addresses of the queues and of their bindings
 */
export function removedDelays(context: PlanContext): ReadonlyMap<string, number> {
  const waiting = new Map<string, number>()
  if (context.mode.destroy) return waiting
  for (const queue of context.live.topology.queues) {
    const at = addressOf('queue', queue)
    if (context.stateOf(at) === undefined || context.desiredIndex.has('queue', at) || !isDelayQueue(queue)) continue
    const bindings = context.bindingsOf(at).filter((each) => isRungOf(context, each))
    if (bindings.length === 0) continue
    const { messages = 0 } = impactOf(context, 'queue', at)
    for (const each of [at, ...bindings.map((binding) => addressOf('binding', binding))]) waiting.set(each, messages)
  }
  return waiting
}

/** Whether a queue only holds messages for a while and sends them on. */
export function isDelayQueue({ arguments: table }: Queue): boolean {
  return Object.hasOwn(table, 'x-message-ttl') && Object.hasOwn(table, 'x-dead-letter-exchange')
}

/** Whether a binding leads from the failure exchange of a queue that still has a ladder. */
function isRungOf({ desiredIndex }: PlanContext, { vhost, source }: Binding): boolean {
  const queue = queueOfFailedExchange(source)
  if (queue === undefined || !desiredIndex.has('queue', address('queue', vhost, queue))) return false
  return desiredIndex.has('exchange', address('exchange', vhost, source))
}
