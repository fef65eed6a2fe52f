import { addressOf } from '../model/address.ts'
import { isBuiltInExchange } from '../model/built-in-exchange.ts'
import { type ObjectOf, objectsOf } from '../model/topology.ts'
import type { PlanContext } from './plan-context.ts'
import type { FixedKind, Stake } from './plan.ts'

/** What would go with a live queue or exchange if it were deleted. */
export function stakeOf(context: PlanContext, kind: FixedKind, at: string): Stake {
  const bindings = context
    .bindingsOf(at)
    .map((each) => addressOf('binding', each))
    .toSorted()
  const undeclared = bindings.filter((each) => isForeign(context, each))
  const count = kind === 'queue' ? queueCount(context, at) : {}
  return { ...count, bindings, undeclaredBindings: undeclared.length }
}

/** What is in a virtual host beside what the project owns, and would go with it. */
export function stakeOfVhost(context: PlanContext, name: string): Stake {
  const others = <K extends 'exchange' | 'queue' | 'binding'>(kind: K, counts: (object: ObjectOf[K]) => boolean) =>
    objectsOf(kind, context.live.topology)
      .filter((each) => each.vhost === name && counts(each))
      .map((each) => addressOf(kind, each))
      .filter((at) => context.stateOf(at) === undefined)
  const queues = others('queue', () => true)
  const exchanges = others('exchange', (each) => !isBuiltInExchange(each.name))
  const bindings = others('binding', () => true)
  const counts = queues.map((at) => queueCount(context, at))
  return {
    messages: counts.reduce((sum, { messages = 0 }) => sum + messages, 0),
    consumers: counts.reduce((sum, { consumers = 0 }) => sum + consumers, 0),
    others: queues.length + exchanges.length + bindings.length,
    bindings: [],
    undeclaredBindings: 0,
  }
}

/** Whether a binding is neither declared nor the project's; what it has adopted is its own. */
function isForeign(context: PlanContext, binding: string): boolean {
  return !context.desired.has('binding', binding) && context.stateOf(binding) === undefined
}

/** The larger of what AMQP and the API say: neither sees everything. */
function queueCount({ live }: PlanContext, at: string): Pick<Stake, 'messages' | 'consumers'> {
  const counted = live.counts?.get(at)
  const told = live.messages?.get(at)
  if (counted === undefined) return told === undefined ? {} : { messages: told }
  return { messages: Math.max(counted.messages, told ?? 0), consumers: counted.consumers }
}

/** Whether deleting loses something that somebody may count on. */
export function isRisky({ messages = 0, consumers = 0, undeclaredBindings }: Stake): boolean {
  return messages > 0 || consumers > 0 || undeclaredBindings > 0
}
