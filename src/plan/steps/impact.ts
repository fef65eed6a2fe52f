import { addressOf } from '../../model/address.ts'
import type { PlanContext } from '../plan-context.ts'
import type { FixedKind, Impact } from '../change.ts'

/** The impact of deleting a live queue or exchange. */
export function impactOf(context: PlanContext, kind: FixedKind, at: string): Impact {
  const bindings = context
    .bindingsOf(at)
    .map((each) => addressOf('binding', each))
    .toSorted()
  const undeclared = bindings.filter((each) => isForeign(context, each))
  const count = kind === 'queue' ? queueCount(context, at) : {}
  return { ...count, bindings, undeclaredBindings: undeclared.length }
}

/** The messages and consumers of the queues in a virtual host that the project does not own. */
export function impactOfVhost(context: PlanContext, name: string): Impact {
  const counts = context.live.topology.queues
    .filter((each) => each.vhost === name)
    .map((each) => addressOf('queue', each))
    .filter((at) => context.stateOf(at) === undefined)
    .map((at) => queueCount(context, at))
  return {
    messages: counts.reduce((sum, { messages = 0 }) => sum + messages, 0),
    consumers: counts.reduce((sum, { consumers = 0 }) => sum + consumers, 0),
    bindings: [],
    undeclaredBindings: 0,
  }
}

/** Whether a binding is neither declared nor owned by the project; an adopted one counts as owned. */
function isForeign(context: PlanContext, binding: string): boolean {
  return !context.desiredIndex.has('binding', binding) && context.stateOf(binding) === undefined
}

/** The larger of the numbers from AMQP and the API, because neither includes everything. */
function queueCount({ live }: PlanContext, at: string): Pick<Impact, 'messages' | 'consumers'> {
  const counted = live.counts?.get(at)
  const reported = live.messages?.get(at)
  if (counted === undefined) return reported === undefined ? {} : { messages: reported }
  return { messages: Math.max(counted.messages, reported ?? 0), consumers: counted.consumers }
}

/** Whether a delete causes losses that affect a person or a program. */
export function isRisky({ messages = 0, consumers = 0, undeclaredBindings }: Impact): boolean {
  return messages > 0 || consumers > 0 || undeclaredBindings > 0
}
