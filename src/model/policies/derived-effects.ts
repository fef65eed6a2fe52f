import { address, addressOf, canonicalJson } from '../address.ts'
import type { Exchange, Policy, Queue } from '../topology.ts'
import { type PolicySetting, settingOf, settingsChangedBy } from './effective-settings.ts'
import type { Winner, WinnersOfBoth } from './winning-policies.ts'

/** How messages are lost or returned too early because of a policy's setting on a derived queue. */
export type DerivedLoss =
  /** Dead letters expire in their queue. */
  | 'dead-letters-expire'
  /** The broker deletes the queue with its messages when it has no consumer. */
  | 'queue-expires'
  /** A full queue of dead letters drops the oldest. */
  | 'dead-letters-dropped'
  /** A full dead-letter queue refuses new messages, which a classic queue has already dropped by then. */
  | 'dead-letters-refused'
  /** Dead letters that are looked at too often are dropped. */
  | 'returns-counted'
  /** Messages return from their delay before it is over. */
  | 'retries-early'
  /** A message that leaves the queue is no longer kept until its target has confirmed it. */
  | 'at-most-once'

/** The effect of one policy on a derived object. */
export interface DerivedEffect {
  readonly policy: Policy
  /** The address of the policy. */
  readonly address: string
  /**
   * False if it is unknown whether the policy applies: its pattern cannot be evaluated here, or another policy has
   * the same priority.
   */
  readonly certain: boolean
  readonly settings: readonly PolicySetting[]
  readonly losses: readonly { readonly loss: DerivedLoss; readonly key: string }[]
}

/**
 * The effects of policies on a queue that `retry`, `deadLetter` or `superStreams` derives, on a queue with
 * at-least-once dead-lettering, and on a queue to which retries return. On other queues, policies may have any
 * effect.
 *
 * @param isRetried whether messages wait elsewhere for a retry, and return to this queue. Default false
 */
export function effectsOnQueue(
  queue: Queue,
  { policies, operatorPolicies }: WinnersOfBoth,
  isRetried = false,
): DerivedEffect[] {
  if (queue.role === undefined && !isRetried && !keepsMessages(queue)) return []
  const effects = orNone(policies.of(queue)).flatMap((own, _, { length: ownCount }) =>
    orNone(operatorPolicies.of(queue)).flatMap((operators, __, { length }) => {
      const holding = { ...(own && { policy: own.policy }), ...(operators && { operatorPolicy: operators.policy }) }
      const changed = settingsChangedBy(queue, holding).filter(({ key }) => !NOT_FOR_QUEUES.has(key))
      const losses = lossesOf(queue, changed)
      const of = (by: PolicySetting['by'], winner: Winner | undefined, isOnly: boolean): DerivedEffect[] => {
        const settings = changed.filter((each) => each.by === by)
        const keys = new Set(settings.map(({ key }) => key))
        const own = losses.filter(({ key }) => keys.has(key))
        // For a declared queue, only losses are reported.
        if (winner === undefined || (queue.role === undefined ? own : settings).length === 0) return []
        return [effect(by, winner, isOnly, settings, own)]
      }
      return [...of('policy', own, ownCount === 1), ...of('operator-policy', operators, length === 1)]
    }),
  )
  return [...new Map(effects.map((each) => [canonicalJson([each.address, each.settings]), each])).values()]
}

/** The queues to which messages return from delay queues, by their addresses. */
export function retriedQueues(queues: Iterable<Queue>): ReadonlySet<string> {
  const retried = new Set<string>()
  for (const { vhost, role } of queues) if (role?.kind === 'delay') retried.add(address('queue', vhost, role.of))
  return retried
}

/** Whether a queue may contain messages that are neither ready nor unacknowledged. */
function keepsMessages({ arguments: table }: Queue): boolean {
  const delayed = table['x-delayed-retry-type']
  return table['x-dead-letter-strategy'] === 'at-least-once' || (delayed !== undefined && delayed !== 'disabled')
}

/**
 * The effects of policies on an exchange that `retry`, `deadLetter` or `superStreams` derives. They lose no messages.
 */
export function effectsOnExchange(exchange: Exchange, { policies }: Pick<WinnersOfBoth, 'policies'>): DerivedEffect[] {
  const winners = policies.ofExchange(exchange)
  return winners.flatMap((winner) => {
    const settings = settingsChangedBy({ arguments: ofExchange(exchange) }, { policy: winner.policy }).filter(
      ({ key }) => FOR_EXCHANGES.has(key),
    )
    return settings.length === 0 ? [] : [effect('policy', winner, winners.length === 1, settings, [])]
  })
}

function effect(
  kind: PolicySetting['by'],
  { policy, certain }: Winner,
  isOnly: boolean,
  settings: readonly PolicySetting[],
  losses: DerivedEffect['losses'],
): DerivedEffect {
  return { policy, address: addressOf(kind, policy), certain: certain && isOnly, settings, losses }
}

function orNone<T>(list: readonly T[]): readonly (T | undefined)[] {
  return list.length === 0 ? [undefined] : list
}

/** The keys of an exchange's arguments have no `x-`. */
function ofExchange({ arguments: table }: Exchange): Exchange['arguments'] {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [`x-${name}`, value]))
}

const FOR_EXCHANGES = new Set([
  'alternate-exchange',
  'federation-upstream',
  'federation-upstream-pattern',
  'federation-upstream-set',
  'shards-per-node',
])
const NOT_FOR_QUEUES = new Set(['alternate-exchange', 'shards-per-node'])

/** Keys that determine where and how the broker stores messages, but not what happens to them. */
const STORAGE = new Set([
  'ha-mode',
  'ha-params',
  'ha-promote-on-failure',
  'ha-promote-on-shutdown',
  'ha-sync-batch-size',
  'ha-sync-mode',
  'initial-cluster-size',
  'max-in-memory-bytes',
  'max-in-memory-length',
  'queue-leader-locator',
  'queue-master-locator',
  'queue-mode',
  'queue-version',
  'stream-filter-size-bytes',
  'stream-max-segment-size-bytes',
  'target-group-size',
])

/** Whether a policy key only affects how the broker stores messages. */
export function isStorageKey(key: string): boolean {
  return STORAGE.has(key)
}

function lossesOf(queue: Queue, changed: readonly PolicySetting[]): { loss: DerivedLoss; key: string }[] {
  const loses = LOSSES[queue.role?.kind ?? 'source']
  return changed.flatMap(({ key }) => {
    const loss = loses(key, queue, settingOf(queue, changed, 'overflow'))
    return loss === undefined ? [] : [{ loss, key }]
  })
}

type Loses = (key: string, queue: Queue, overflow: unknown) => DerivedLoss | undefined

function delayLosses(key: string, queue: Queue, overflow: unknown): DerivedLoss | undefined {
  if (key === 'message-ttl') return 'retries-early'
  if (key === 'expires') return 'queue-expires'
  if (key === 'overflow' && queue.type === 'quorum' && overflow !== 'reject-publish') return 'at-most-once'
  // A full queue dead-letters dropped messages to the destination of its delay. A queue that rejects publishes
  // loses none.
  return isLength(key) && overflow !== 'reject-publish' ? 'retries-early' : undefined
}

const LOSSES: Readonly<Record<NonNullable<Queue['role']>['kind'] | 'source', Loses>> = {
  'dead-letter': (key, queue, overflow) => {
    if (key === 'message-ttl') return 'dead-letters-expire'
    if (key === 'expires') return 'queue-expires'
    if (key === 'delivery-limit') return 'returns-counted'
    if (!isLength(key)) return undefined
    if (dropsHead(queue, overflow)) return 'dead-letters-dropped'
    // A quorum queue keeps messages that this queue refuses; a classic queue has already dropped them.
    return queue.type === 'quorum' ? undefined : 'dead-letters-refused'
  },
  delay: delayLosses,
  'publication-delay': delayLosses,
  partition: () => undefined,
  // Without its queue, no worker can consume a partition.
  coordination: (key) => (key === 'expires' ? 'queue-expires' : undefined),
  source: (key, queue, overflow) => {
    if (key === 'expires') return 'queue-expires'
    const keeps = queue.arguments['x-dead-letter-strategy'] === 'at-least-once'
    return key === 'overflow' && keeps && queue.type === 'quorum' && overflow !== 'reject-publish'
      ? 'at-most-once'
      : undefined
  },
}

function isLength(key: string): boolean {
  return key === 'max-length' || key === 'max-length-bytes'
}

/** A quorum queue treats `reject-publish-dlx` as `drop-head`. */
function dropsHead({ type }: Queue, overflow: unknown): boolean {
  return type === 'quorum' ? overflow !== 'reject-publish' : overflow === undefined || overflow === 'drop-head'
}
