import { address, addressOf } from '../../model/address.ts'
import { settingOf, settingsChangedBy } from '../../model/policies/effective-settings.ts'
import { deadLetterTargets } from '../../model/policies/dead-letter-targets.ts'
import { type Winner, type WinnersOfBoth, winnersOf } from '../../model/policies/winning-policies.ts'
import { ageInSeconds } from '../../model/values/stream-age.ts'
import type { Policy, Queue, Topology } from '../../model/topology.ts'
import { DeadLetterPaths } from './dead-letter-paths.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'
import type { Change } from '../change.ts'
import type { QueueCount } from '../planned-topology.ts'

/**
 * A limit (in seconds for `max-age`) that a policy change sets or lowers on a kept queue. The broker applies it to
 * existing messages immediately.
 */
export interface LoweredLimit {
  readonly queue: Queue
  readonly key: LimitKey
  readonly limit: number
  /** The addresses of the changed policies that cause it. */
  readonly by: readonly string[]
}

/**
 * The keys that remove existing messages. `message-ttl` is not among them, because it applies only to new messages.
 * The broker applies the keys of a policy one after the other, so a classic queue drops messages before `overflow`
 * takes effect. The age of messages in a stream is unknown, so any message may be too old for a lower `max-age`.
 */
const LIMITS = ['expires', 'max-length', 'max-length-bytes', 'max-age'] as const

type LimitKey = (typeof LIMITS)[number]

/** Finds the queues whose limits a policy change lowers, so that existing messages may be lost. */
export function loweredLimits(
  { live }: Pick<PlanContext, 'live'>,
  changes: readonly Change[],
): readonly LoweredLimit[] {
  const written = new Set(changes.filter(isOfPolicies).map((each) => each.address))
  if (written.size === 0) return []
  const { topology, broker } = live
  const before = winnersOf(topology, broker.version)
  const after = winnersOf(policiesAfterAll(topology, changes), broker.version)
  const ways = new DeadLetterPaths(topology, after.policies)
  // A move checks its own queues, and deleted queues are counted.
  const others = new Set(changes.flatMap((each) => [each.address, ...(each.action === 'rename' ? [each.from] : [])]))
  return topology.queues
    .filter((queue) => !others.has(addressOf('queue', queue)))
    .flatMap((queue) => {
      const by = [...holding(queue, after), ...holding(queue, before)].filter((at) => written.has(at))
      if (by.length === 0) return []
      const now = settingsOf(queue, before)
      const then = settingsOf(queue, after)
      return LIMITS.flatMap((key): LoweredLimit[] => {
        const limits = then.flatMap((each) => limitOf(queue, key, each) ?? [])
        const limit = Math.min(...limits)
        if (limits.length === 0 || now.some((each) => (limitOf(queue, key, each) ?? Infinity) <= limit)) return []
        if (key !== 'expires' && queue.type !== 'stream' && isLedOn(queue, after, ways)) return []
        return [{ queue, key, limit, by: [...new Set(by)] }]
      })
    })
}

/** Blocks such changes if the number of messages exceeds the limit. */
export function loweredLimitBlocks({ live, mode }: PlanContext, lowered: readonly LoweredLimit[]): Block[] {
  const byPolicy = new Map<string, { address: string; messages: number; key: string; limit: number }[]>()
  for (const each of lowered) {
    const [policy] = each.by
    if (policy === undefined || isAllowed(each, mode.allowDelete)) continue
    const at = addressOf('queue', each.queue)
    const count = live.counts?.get(at) ?? { messages: live.messages?.get(at) ?? 0, consumers: 0 }
    if (!losesMessages(each, count, live.bytes?.get(at))) continue
    const { key, limit } = each
    byPolicy.set(policy, [...(byPolicy.get(policy) ?? []), { address: at, messages: count.messages, key, limit }])
  }
  return [...byPolicy].map(([policy, queues]): Block => ({ reason: 'limit-lowered', address: policy, queues }))
}

/** Whether a queue with this content loses messages because of the limit. */
export function losesMessages(
  { key, limit }: Pick<LoweredLimit, 'key' | 'limit'>,
  { messages, consumers }: QueueCount,
  bytes: number | undefined,
): boolean {
  if (messages === 0) return false
  if (key === 'max-length') return messages > limit
  // A queue with consumers does not expire.
  if (key === 'expires') return consumers === 0
  if (key === 'max-age') return true
  // The statistics may not include the latest messages yet.
  return bytes === undefined || bytes === 0 || bytes > limit
}

/** Whether the address of the policy allows the loss. */
export function isAllowed({ by }: LoweredLimit, allowDelete: ReadonlySet<string>): boolean {
  return by.some((policy) => allowDelete.has(policy))
}

function isOfPolicies({ kind }: Change): boolean {
  return kind === 'policy' || kind === 'operator-policy'
}

/** The policies of both kinds after the changes. */
export function policiesAfterAll(
  { policies, operatorPolicies }: Pick<Topology, 'policies' | 'operatorPolicies'>,
  changes: readonly Change[],
): Pick<Topology, 'policies' | 'operatorPolicies'> {
  return {
    policies: policiesAfter('policy', policies, changes),
    operatorPolicies: policiesAfter('operator-policy', operatorPolicies, changes),
  }
}

function policiesAfter(
  kind: 'policy' | 'operator-policy',
  live: readonly Policy[],
  changes: readonly Change[],
): readonly Policy[] {
  const byAddress = new Map(live.map((each) => [addressOf(kind, each), each]))
  for (const change of changes) {
    if (change.kind !== kind) continue
    if (change.action === 'delete') byAddress.delete(change.address)
    else byAddress.set(change.address, change.after)
  }
  return [...byAddress.values()]
}

/** The settings of a queue for each combination of policies that may apply. */
function settingsOf(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth): ((key: string) => unknown)[] {
  return orNone(policies.of(queue)).flatMap((own) =>
    orNone(operatorPolicies.of(queue)).map((operators) => {
      const changed = settingsChangedBy(queue, {
        ...(own && { policy: own.policy }),
        ...(operators && { operatorPolicy: operators.policy }),
      })
      return (key: string) => settingOf(queue, changed, key)
    }),
  )
}

function orNone(winners: readonly Winner[]): readonly (Winner | undefined)[] {
  return winners.some(({ certain }) => certain) ? winners : [...winners, undefined]
}

/**
 * The size above which a queue drops messages. A quorum queue that rejects new messages keeps all existing ones, even
 * above its limit.
 */
function limitOf(queue: Queue, key: LimitKey, setting: (key: string) => unknown): number | undefined {
  if (key !== 'expires' && queue.type === 'quorum' && setting('overflow') === 'reject-publish') return undefined
  if (key === 'max-age') return queue.type === 'stream' ? ageInSeconds(setting(key)) : undefined
  const value = setting(key)
  return typeof value === 'number' && value >= 0 ? value : undefined
}

/** Whether dropped messages reach another queue. */
function isLedOn(queue: Queue, winners: WinnersOfBoth, ways: DeadLetterPaths): boolean {
  const { vhost } = queue
  return deadLetterTargets(queue, winners).every((target) => {
    if (target === undefined) return false
    const { exchange, routingKey: key } = target
    const own = address('queue', vhost, queue.name)
    const { arrives, passed } = ways.follow({ vhost, exchange, ...(key !== undefined && { key }) })
    return arrives && !(exchange === '' && passed.has(own))
  })
}

function holding(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth): string[] {
  return [
    ...policies.of(queue).map(({ policy }) => addressOf('policy', policy)),
    ...operatorPolicies.of(queue).map(({ policy }) => addressOf('operator-policy', policy)),
  ]
}
