import { address, addressOf } from '../../model/address.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import { alternatesOf, deadLetterTargets } from '../../model/policies/dead-letter-targets.ts'
import type { Exchange, Parameter, Queue } from '../../model/topology.ts'
import type { PlanContext } from '../plan-context.ts'
import type { AffectedObject } from '../change.ts'
import { shovelTargets } from './shovel-targets.ts'
import { withOwner } from './cascades.ts'

/**
 * The queues and exchanges that send dead letters or unroutable messages to an exchange or a queue, and shovels, by the
 * address of the destination.
 */
export type Senders = ReadonlyMap<string, readonly AffectedObject[]>

/** The senders in a plan that deletes `gone`, cached because each change needs them. */
const known = new WeakMap<PlanContext, { readonly gone: ReadonlySet<string>; readonly senders: Senders }>()

/** The senders to one exchange or queue, see `sendersTo`. */
export function sendersToOne(context: PlanContext, at: string, gone: ReadonlySet<string>): readonly AffectedObject[] {
  const kept = known.get(context)
  const senders = kept?.gone === gone ? kept.senders : sendersTo(context, gone)
  known.set(context, { gone, senders })
  return senders.get(at) ?? []
}

/**
 * Finds the senders to each exchange, and through the default exchange to each queue, after the plan: by arguments, and
 * by kept policies and shovels. The broker silently drops messages for a deleted destination.
 *
 * @param gone addresses of everything that the plan deletes
 */
export function sendersTo(context: PlanContext, gone: ReadonlySet<string>): Senders {
  const { topology } = context.live
  const winners = context.winnersWithout(gone)
  const senders = new Map<string, Map<string, AffectedObject>>()
  // The new declaration of a renamed object determines its destinations.
  const isGone = (at: string) => gone.has(at) || context.renamed.has(at)
  const add = (to: string, from: string, host?: string) => {
    if (to === from) return
    const known = senders.get(to) ?? new Map<string, AffectedObject>()
    senders.set(to, known.set(from, { ...withOwner(context, from), ...(host !== undefined && { host }) }))
  }
  const created = context.mode.destroy ? undefined : context.desired
  const isNew = (kind: 'queue' | 'exchange') => (each: Queue | Exchange) =>
    each.external !== true && !context.liveIndex.has(kind, address(kind, each.vhost, each.name))
  for (const live of [...topology.queues, ...(created?.queues.filter(isNew('queue')) ?? [])]) {
    const at = addressOf('queue', live)
    if (isGone(at)) continue
    for (const target of deadLetterTargets(asItWillBe(context, 'queue', live), winners)) {
      if (target === undefined) continue
      const { exchange, routingKey } = target
      if (exchange !== '') add(address('exchange', live.vhost, exchange), at)
      else if (routingKey !== undefined) add(address('queue', live.vhost, routingKey), at)
    }
  }
  for (const live of [...topology.exchanges, ...(created?.exchanges.filter(isNew('exchange')) ?? [])]) {
    const at = addressOf('exchange', live)
    if (isGone(at) || isBuiltInExchange(live.name)) continue
    for (const name of alternatesOf(asItWillBe(context, 'exchange', live), winners.policies)) {
      add(address('exchange', live.vhost, name), at)
    }
  }
  const host = hostOf(context.live.broker.url)
  for (const parameter of parametersAfter(context, gone)) {
    const at = addressOf('parameter', parameter)
    for (const target of shovelTargets(parameter, host)) add(target.address, at, target.host)
  }
  return new Map([...senders].map(([at, each]) => [at, [...each.values()].toSorted(byAddress)]))
}

/** The kept and the declared parameters. */
function parametersAfter({ live, desired, desiredIndex, mode }: PlanContext, gone: ReadonlySet<string>): Parameter[] {
  const declared = mode.destroy ? [] : desired.parameters
  const staying = live.topology.parameters.filter((each) => {
    const at = addressOf('parameter', each)
    return !gone.has(at) && (mode.destroy || !desiredIndex.has('parameter', at))
  })
  return [...staying, ...declared]
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : ''
}

function asItWillBe(context: PlanContext, kind: 'queue', live: Queue): Queue
function asItWillBe(context: PlanContext, kind: 'exchange', live: Exchange): Exchange
function asItWillBe({ desiredIndex, mode }: PlanContext, kind: 'queue' | 'exchange', live: Queue | Exchange) {
  const declared = mode.destroy ? undefined : desiredIndex.get(kind, address(kind, live.vhost, live.name))
  return declared === undefined || declared.external === true ? live : declared
}

function byAddress(a: AffectedObject, b: AffectedObject): number {
  return a.address < b.address ? -1 : 1
}
