import { addressOf } from '../../model/address.ts'
import { type PolicySetting, settingOf } from '../../model/policies/effective-settings.ts'
import { possibleChanges } from '../../model/policies/possible-changes.ts'
import { type WinnersOfBoth, possibleWinners } from '../../model/policies/winning-policies.ts'
import type { Queue } from '../../model/topology.ts'
import { isAtLeast } from '../../model/broker-version.ts'
import type { Doubt } from './reach.ts'

/** The settings of a queue that affect its messages, from arguments and policies together. */
export interface QueueSettings {
  readonly type: 'classic' | 'quorum' | 'stream'
  /** In milliseconds. */
  readonly messageTtl?: number
  /** How long the queue exists without use, in milliseconds. */
  readonly expires?: number
  readonly maxLength?: number
  readonly maxLengthBytes?: number
  readonly overflow: 'drop-head' | 'reject-publish' | 'reject-publish-dlx'
  /** Absent if dead letters are dropped. */
  readonly deadLetter?: { readonly exchange: string; readonly routingKey?: string }
  /** Whether the queue keeps dead letters until all target queues have confirmed them. */
  readonly atLeastOnce: boolean
  /** How often a message may be returned to a quorum queue. Absent if there is no limit. */
  readonly deliveryLimit?: number
  readonly maxPriority?: number
}

/** The possible settings of a queue: several if it is unknown which policy applies. */
export interface PossibleSettings {
  readonly options: readonly QueueSettings[]
  /** Present if there are several. */
  readonly because: Doubt
}

/** The default delivery limit of a quorum queue from RabbitMQ 4.0 on (rabbit_quorum_queue). */
const DEFAULT_DELIVERY_LIMIT = 20

/**
 * Computes the settings of a queue from its arguments and the policies that match it.
 *
 * @param version the version of the broker, such as `4.3.6`
 */
export function possibleSettings(queue: Queue, winners: WinnersOfBoth, version: string): PossibleSettings {
  const changes = possibleChanges(queue, winners)
  const settings = changes.map(({ changed }) => settingsUnder(queue, version, changed))
  return {
    options: settings.length === 1 ? settings : different(settings),
    get because() {
      return becauseOf(queue, winners)
    },
  }
}

function different(settings: readonly QueueSettings[]): readonly QueueSettings[] {
  return [...new Map(settings.map((each) => [JSON.stringify(each), each])).values()]
}

function becauseOf(queue: Queue, { policies, operatorPolicies }: WinnersOfBoth): Doubt {
  const possible = [...possibleWinners(policies.of(queue)), ...possibleWinners(operatorPolicies.of(queue))]
  const isPattern = possible.some((winner) => winner?.certain === false)
  return { kind: isPattern ? 'policy-pattern' : 'equal-policies', address: addressOf('queue', queue) }
}

function settingsUnder(queue: Queue, version: string, changed: readonly PolicySetting[]): QueueSettings {
  const type = queue.type === 'quorum' || queue.type === 'stream' ? queue.type : 'classic'
  const setting = (key: string) => settingOf(queue, changed, key)
  const numbers = {
    messageTtl: numberOf(setting('message-ttl')),
    expires: numberOf(setting('expires')),
    maxLength: numberOf(setting('max-length')),
    maxLengthBytes: numberOf(setting('max-length-bytes')),
    deliveryLimit: type === 'quorum' ? deliveryLimitOf(setting('delivery-limit'), version) : undefined,
    maxPriority: numberOf(setting('max-priority')),
  }
  const exchange = setting('dead-letter-exchange')
  const routingKey = setting('dead-letter-routing-key')
  const overflow = overflowOf(type, setting('overflow'))
  const atLeastOnce =
    type === 'quorum' && setting('dead-letter-strategy') === 'at-least-once' && overflow === 'reject-publish'
  return {
    type,
    ...withoutUndefined(numbers),
    overflow,
    atLeastOnce: atLeastOnce && typeof exchange === 'string',
    ...(typeof exchange === 'string' && {
      deadLetter: { exchange, ...(typeof routingKey === 'string' && { routingKey }) },
    }),
  }
}

/** A quorum queue treats `reject-publish-dlx` as `drop-head`. */
function overflowOf(type: string, overflow: unknown): QueueSettings['overflow'] {
  if (overflow === 'reject-publish') return overflow
  return overflow === 'reject-publish-dlx' && type === 'classic' ? overflow : 'drop-head'
}

function deliveryLimitOf(limit: unknown, version: string): number | undefined {
  if (typeof limit !== 'number') return isAtLeast(version, '4.0.0') ? DEFAULT_DELIVERY_LIMIT : undefined
  return limit < 0 ? undefined : limit
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined
}

function withoutUndefined<T extends object>(values: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const defined: Partial<Record<keyof T, unknown>> = {}
  for (const key of Object.keys(values) as (keyof T)[]) if (values[key] !== undefined) defined[key] = values[key]
  return defined as { readonly [K in keyof T]?: Exclude<T[K], undefined> }
}
