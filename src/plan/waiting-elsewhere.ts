import { address, addressOf } from '../model/address.ts'
import type { Binding, Kind, Queue } from '../model/topology.ts'
import type { PlanContext } from './plan-context.ts'
import type { Block, Change } from './plan.ts'
import { isDelete } from './subject.ts'

/**
 * Queues that stay, and whose dead letters have no other way than by a queue, an exchange or a binding that is deleted; by the
 * address of that.
 */
export type WaitingElsewhere = ReadonlyMap<string, readonly Queue[]>

const WAYS: ReadonlySet<Kind> = new Set(['queue', 'exchange', 'binding'])

/**
 * Finds the queues in which messages wait for queues that are deleted, such as those of a delay that is declared by hand:
 * what they dead-letter after the deletion reaches nothing. Ways by alternate exchanges, by other exchanges and by policies
 * are not followed.
 */
export function waitingElsewhere(context: PlanContext, changes: readonly Change[]): WaitingElsewhere {
  const deleted = changes.filter(isDelete).filter(({ kind }) => WAYS.has(kind))
  const gone = new Set(deleted.map((each) => each.address))
  const waiting = new Map<string, Queue[]>()
  if (gone.size === 0) return waiting
  for (const queue of context.live.topology.queues) {
    if (gone.has(addressOf('queue', queue))) continue
    const exchange = exchangeOf(queue)
    const ways = exchange !== undefined && gone.has(exchange) ? [[exchange]] : waysOf(context, queue)
    const [last] = ways.every((way) => way.some((at) => gone.has(at)))
      ? (ways[0] ?? []).filter((at) => gone.has(at))
      : []
    if (last !== undefined) waiting.set(last, [...(waiting.get(last) ?? []), queue])
  }
  return waiting
}

/** Blocks deletions by which messages that wait elsewhere would have nowhere to go. */
export function waitingElsewhereBlocks(context: PlanContext, waiting: WaitingElsewhere): Block[] {
  return [...waiting].flatMap(([at, queues]): Block[] => {
    if (context.mode.allowDelete.has(at)) return []
    const full = queues.flatMap((queue) => {
      const where = addressOf('queue', queue)
      // Without AMQP there is only what the API says.
      const messages = context.live.counts?.get(where)?.messages ?? context.live.messages?.get(where) ?? 0
      return messages > 0 ? [{ address: where, messages }] : []
    })
    return full.length === 0 ? [] : [{ reason: 'awaited', address: at, queues: full }]
  })
}

/** The address of the exchange that the dead letters of a queue go to; undefined for the default exchange. */
function exchangeOf({ vhost, arguments: table }: Queue): string | undefined {
  const name = table['x-dead-letter-exchange']
  return typeof name === 'string' && name !== '' ? address('exchange', vhost, name) : undefined
}

/** The ways that the dead letters of a queue take by its arguments: each ends in a queue, by a binding or without. */
function waysOf(context: PlanContext, { vhost, arguments: table }: Queue): string[][] {
  const exchange = table['x-dead-letter-exchange']
  const key = table['x-dead-letter-routing-key']
  if (typeof exchange !== 'string') return []
  if (exchange === '') return typeof key === 'string' ? [[address('queue', vhost, key)]] : []
  const at = address('exchange', vhost, exchange)
  const type = context.found.get('exchange', at)?.type
  const takes = ({ routingKey }: Binding) => type !== 'direct' || typeof key !== 'string' || routingKey === key
  return context
    .bindingsOf(at)
    .filter((each) => each.source === exchange && takes(each))
    .map((each) => [address(each.destinationType, vhost, each.destination), addressOf('binding', each)])
}
