import { address, addressOf, kindOf } from '../../model/address.ts'
import { type DeadLetterTarget, deadLetterTargets } from '../../model/policies/dead-letter-targets.ts'
import { type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'
import type { Binding, Kind, Queue } from '../../model/topology.ts'
import { type DeadLetter, DeadLetterPaths, matchesKey } from '../policies/dead-letter-paths.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'
import type { Change } from '../change.ts'
import { uncountedBlocks } from '../migration/move-blocks.ts'

/** A queue whose dead letters would reach no queue after the plan. */
export interface WaitingElsewhere {
  readonly queue: Queue
  /** The address of the deleted object, which the block names. */
  readonly at: string
  /** Addresses of all deleted objects on their route. */
  readonly by: readonly string[]
  /** Whether the plan deletes the queue itself. Until then, the problem exists. */
  readonly isDeleted: boolean
  /** Whether its messages expire and are then dead-lettered. */
  readonly delays: boolean
}

/** In the order in which they are listed. */
const WAYS: readonly Kind[] = ['exchange', 'queue', 'binding', 'policy', 'operator-policy']

/**
 * Finds queues whose messages wait for a queue that is to be deleted, such as explicitly declared delay queues.
 * Afterwards, their dead letters would reach no queue. A changed policy or exchange may have the same effect.
 *
 * Arguments and policies determine the route of dead letters. If the plan removes a policy that sets this route, that
 * is intended, unless the messages of the queue expire, because these wait only to be dead-lettered.
 */
export function waitingElsewhere(context: PlanContext, changes: readonly Change[]): readonly WaitingElsewhere[] {
  const gone = new Set(changes.flatMap(deletedBy).filter((at) => WAYS.some((kind) => kind === kindOf(at))))
  const cut = new Set([...gone, ...changes.filter(isRewritten).map((each) => each.address)])
  if (cut.size === 0) return []
  const { topology } = context.live
  const before = livePolicies(context)
  const after = context.winnersWithout(gone)
  const live = new DeadLetterPaths(topology, before.policies)
  const left = new DeadLetterPaths(topologyAfter(context, changes), after.policies).without(gone, after.policies)
  const successors = new Map(changes.flatMap(successorOf))
  const vhosts = new Set([...cut].map(vhostIn))
  return topology.queues
    .filter(({ vhost }) => vhosts.has(address('vhost', vhost)))
    .flatMap((queue): WaitingElsewhere[] => {
      const where = addressOf('queue', queue)
      const targets = deadLetterTargets(queue, before)
      if (targets.every((each) => each === undefined)) return []
      const afterwards = deadLetterTargets(successors.get(where) ?? queue, after)
      const lost = new Set<string>()
      for (const target of afterwards) {
        // If it is unknown which policy applies, each is compared with itself.
        const same = targets.filter((each) => isSame(each, target))
        for (const each of same.length > 0 ? same : targets) {
          if (each === undefined || (target === undefined && !each.delays)) continue
          for (const key of keysOf(context, live, queue, each, gone)) {
            const arrival = live.follow(letterOf(queue, each, key))
            if (!arrival.arrives) continue
            // A deleted policy may have given the dead letters another key than their own.
            const kept = each.routingKey === undefined ? key : keyOfAll(context, queue)
            const arrivalLeft = target && left.follow(letterOf(queue, target, kept))
            if (arrivalLeft?.arrives) continue
            const ways = [...arrival.passed, ...(arrivalLeft?.passed ?? [])]
            const leading = same.length > 0 ? [] : [...policiesOn(queue, before), ...policiesOn(queue, after)]
            for (const at of [...ways, ...leading]) if (cut.has(at)) lost.add(at)
          }
        }
      }
      lost.delete(where)
      const by = [...lost].toSorted((a, b) => rankOf(a) - rankOf(b))
      const [at] = by
      const delays = targets.some((each) => each?.delays)
      return at === undefined ? [] : [{ queue, at, by, isDeleted: gone.has(where), delays }]
    })
}

/** Blocks deletes that leave messages in other queues without a destination. */
export function waitingElsewhereBlocks(context: PlanContext, waiting: readonly WaitingElsewhere[]): Block[] {
  const { live, mode } = context
  const staying = waiting.filter(({ at, isDeleted }) => !isDeleted && !mode.allowDelete.has(at))
  return [...new Set(staying.map(({ at }) => at))].flatMap((at): Block[] => {
    const addresses = staying.filter((each) => each.at === at).map(({ queue }) => addressOf('queue', queue))
    const queues = addresses.flatMap((where) => {
      // Without AMQP, only the count of the API is available.
      const messages = live.counts?.get(where)?.messages ?? live.messages?.get(where) ?? 0
      return messages > 0 ? [{ address: where, messages }] : []
    })
    if (queues.length > 0) return [{ reason: 'awaited', address: at, queues }]
    // The number of waiting messages is unknown, and for queues and exchanges another block reports this.
    if (live.uncounted !== undefined && SAID_ALREADY.some((kind) => kind === kindOf(at))) return []
    return staying
      .filter((other) => other.at === at)
      .flatMap(({ queue }) => uncountedBlocks(context, 'queue', addressOf('queue', queue), queue.name))
      .map((block): Block => ({ ...block, address: at }))
      .slice(0, 1)
  })
}

const SAID_ALREADY: readonly Kind[] = ['queue', 'exchange']

/** Addresses that no longer exist after a change. */
function deletedBy(change: Change): string[] {
  if (change.action === 'rename') return [change.from]
  return change.action === 'delete' ? [change.address] : []
}

/** Whether a change may redirect dead letters without a delete: a change of a policy, or of an exchange's arguments. */
function isRewritten({ kind, action }: Change): boolean {
  if (kind === 'exchange') return action === 'replace'
  return (kind === 'policy' || kind === 'operator-policy') && action !== 'delete'
}

/** The queue that receives the messages of a live queue, by the address of the latter. */
function successorOf(change: Change): (readonly [string, Queue])[] {
  if (change.kind !== 'queue') return []
  if (change.action === 'rename') return [[change.from, change.after]]
  return change.action === 'replace' && change.how === 'migrate' ? [[change.address, change.after]] : []
}

function livePolicies({ live: { topology, broker } }: PlanContext): WinnersOfBoth {
  return winnersOf(topology, broker.version)
}

/** The topology after everything is created and replaced, but before anything is deleted. */
function topologyAfter({ live: { topology }, desired, mode, liveIndex }: PlanContext, changes: readonly Change[]) {
  if (mode.destroy) return topology
  const replaced = new Map(
    changes.flatMap((each) =>
      each.kind === 'exchange' && each.action === 'replace' ? [[each.address, each.after]] : [],
    ),
  )
  const staying = topology.exchanges.map((each) => replaced.get(addressOf('exchange', each)) ?? each)
  return {
    exchanges: [...staying, ...desired.exchanges.filter((each) => isNew('exchange', each))],
    queues: [...topology.queues, ...desired.queues.filter((each) => isNew('queue', each))],
    bindings: [
      ...topology.bindings,
      ...desired.bindings.filter((each) => !liveIndex.has('binding', addressOf('binding', each))),
    ],
  }
  function isNew(kind: 'exchange' | 'queue', each: { readonly vhost: string; readonly name: string }): boolean {
    return !liveIndex.has(kind, address(kind, each.vhost, each.name))
  }
}

/** The common key of all messages in a queue; undefined if its bindings allow several. */
function keyOfAll(context: PlanContext, queue: Queue): string | undefined {
  return leadingTo(context, queue).length === 0 ? queue.name : undefined
}

function leadingTo(context: PlanContext, queue: Queue): readonly Binding[] {
  return context
    .bindingsOf(addressOf('queue', queue))
    .filter((each) => each.destinationType === 'queue' && each.destination === queue.name)
}

function policiesOn(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth): string[] {
  return [
    ...policies.of(queue).map(({ policy }) => addressOf('policy', policy)),
    ...operatorPolicies.of(queue).map(({ policy }) => addressOf('operator-policy', policy)),
  ]
}

function letterOf({ vhost }: Queue, { exchange, routingKey }: DeadLetterTarget, key: string | undefined): DeadLetter {
  const own = routingKey ?? key
  return { vhost, exchange, ...(own !== undefined && { key: own }) }
}

function isSame(one: DeadLetterTarget | undefined, other: DeadLetterTarget | undefined): boolean {
  return one?.exchange === other?.exchange && one?.routingKey === other?.routingKey
}

/**
 * The possible keys of a queue's dead letters, as far as they matter: any key, and the keys of deleted bindings.
 * Messages cannot have a key with which no binding routes to the queue.
 */
function keysOf(
  context: PlanContext,
  live: DeadLetterPaths,
  queue: Queue,
  { exchange, routingKey }: DeadLetterTarget,
  gone: ReadonlySet<string>,
): ReadonlySet<string | undefined> {
  if (routingKey !== undefined) return new Set([routingKey])
  const leading = leadingTo(context, queue)
  const mayArrive = (key: string) =>
    key === queue.name || leading.some((each) => takesKey(context, each, key, exchange !== ''))
  if (exchange === '') {
    const names = [...gone]
      .filter((at) => kindOf(at) === 'queue')
      .flatMap((at) => context.liveIndex.get('queue', at) ?? [])
    return new Set(
      names
        .filter(({ vhost }) => vhost === queue.vhost)
        .map(({ name }) => name)
        .filter(mayArrive),
    )
  }
  const from = live.bindingsFrom(address('exchange', queue.vhost, exchange))
  const isCut = (each: Binding) =>
    gone.has(addressOf('binding', each)) || gone.has(address(each.destinationType, each.vhost, each.destination))
  const type = context.liveIndex.get('exchange', address('exchange', queue.vhost, exchange))?.type
  const isLiteral = ({ routingKey: key }: Binding) => type === 'direct' || (type === 'topic' && !/[*#]/.test(key))
  const cut = from.filter((each) => isCut(each) && isLiteral(each)).map((each) => each.routingKey)
  return new Set([undefined, ...cut.filter(mayArrive)])
}

/** @param otherwise the result for exchange types that consider more than the key */
function takesKey(
  context: PlanContext,
  { vhost, source, routingKey }: Binding,
  key: string,
  otherwise: boolean,
): boolean {
  const type = context.liveIndex.get('exchange', address('exchange', vhost, source))?.type
  return type === 'direct' || type === 'topic' ? matchesKey(type, routingKey, key) : otherwise
}

function rankOf(at: string): number {
  return WAYS.findIndex((kind) => kind === kindOf(at))
}

/** The address of the virtual host of an object. */
function vhostIn(at: string): string {
  return `vhost:${at.slice(at.indexOf(':') + 1, at.indexOf('/'))}`
}
