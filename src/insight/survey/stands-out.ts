import { addressOf } from '../../model/address.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import { alternatesOf } from '../../model/policies/dead-letter-targets.ts'
import { winnersOf } from '../../model/policies/winning-policies.ts'
import type { Queue } from '../../model/topology.ts'
import type { VhostSnapshot } from '../../broker/snapshot/snapshot.ts'
import { queueRoles } from './queue-roles.ts'

/** Something about a vhost that deserves attention. It may be intended. */
export interface StandOut {
  readonly what: StandOutKind
  readonly objects: readonly { readonly address: string; readonly messages?: number }[]
}

export type StandOutKind =
  /** Queues with messages and without consumers, except for delay queues and dead-letter queues. */
  | 'messages-without-consumer'
  | 'dead-letters'
  /** Queues that no exchange is bound to, that no dead letters reach and that nobody consumes. */
  | 'queue-without-bindings'
  /** Exchanges without a binding from them and without an alternate exchange: they drop whatever is published. */
  | 'exchange-without-bindings'
  | 'largest'

const MOST_LARGEST = 5

/**
 * Finds what deserves attention in a vhost. Results that depend on messages or consumers are left out if these are
 * unknown.
 *
 * @param version the version of the broker, which determines how policies apply
 */
export function standsOut(vhost: VhostSnapshot, version: string): StandOut[] {
  const { topology, contents, consumers } = vhost
  const roles = queueRoles(topology, version)
  const consumed = consumers && new Set(consumers.map(({ queue }) => queue))
  const bound = new Set(
    topology.bindings.flatMap(({ destinationType, destination }) => (destinationType === 'queue' ? [destination] : [])),
  )
  const sources = new Set(topology.bindings.map(({ source }) => source))
  const policies = winnersOf(topology, version).policies
  const messagesIn = ({ name }: Queue) => contents?.get(name)?.messages ?? 0
  const shown = (queue: Queue) => {
    const content = contents?.get(queue.name)
    return { address: addressOf('queue', queue), ...(content && { messages: content.messages }) }
  }
  const byMessages = (queues: readonly Queue[]) =>
    queues.toSorted((a, b) => messagesIn(b) - messagesIn(a) || (a.name < b.name ? -1 : 1)).map(shown)
  const filled = topology.queues.filter((each) => messagesIn(each) > 0)
  const found: StandOut[] = [
    {
      what: 'messages-without-consumer',
      objects: byMessages(
        filled.filter(
          ({ name }) =>
            consumed !== undefined && !consumed.has(name) && !roles.delay.has(name) && !roles.deadLetter.has(name),
        ),
      ),
    },
    { what: 'dead-letters', objects: byMessages(filled.filter(({ name }) => roles.deadLetter.has(name))) },
    {
      what: 'queue-without-bindings',
      objects: topology.queues
        .filter(
          ({ name }) => consumed !== undefined && !consumed.has(name) && !bound.has(name) && !roles.reached.has(name),
        )
        .map(shown),
    },
    {
      what: 'exchange-without-bindings',
      objects: topology.exchanges
        .filter(
          (each) =>
            !isBuiltInExchange(each.name) && !sources.has(each.name) && alternatesOf(each, policies).length === 0,
        )
        .map((each) => ({ address: addressOf('exchange', each) })),
    },
    { what: 'largest', objects: byMessages(filled).slice(0, MOST_LARGEST) },
  ]
  return found.filter(({ objects }) => objects.length > 0)
}
