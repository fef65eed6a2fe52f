import { possibleWinners } from '../../model/policies/winning-policies.ts'
import { consumedQueues, type Subscription } from '../../model/routes.ts'
import type { Queue } from '../../model/topology.ts'
import type { DeathReason } from '../routing/deaths.ts'
import { type FailurePath, followFailure } from '../routing/failure-path.ts'
import type { QueueSettings } from '../routing/queue-settings.ts'
import type { Doubt, Reach } from '../routing/reach.ts'
import type { DeadLetter, Message } from '../routing/vhost-model.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'

/** A queue with its facts, and what can happen to a message in it. */
export interface TracedQueue {
  readonly kind: 'queue'
  readonly name: string
  /** Absent if the virtual host determines it. */
  readonly type?: string
  /** Several if it is unknown which policy applies. */
  readonly settings: readonly QueueSettings[]
  /** Why there are several settings. */
  readonly settingsUnknown?: Doubt
  /** What happens to a message that fails every time. */
  readonly failures: readonly TracedFailure[]
  /** What happens to a message that expires; absent if messages do not expire, or if the settings are unknown. */
  readonly expires?: TracedExpiry
  /** What happens to a message that a consumer rejects; absent for streams, and if the settings are unknown. */
  readonly rejected?: Fate
  /** What happens to the message that a full queue drops; absent if the queue drops none. */
  readonly full?: Fate
}

export interface TracedFailure {
  readonly subscription: string
  readonly path: FailurePath
  /** The sum of all delays, in milliseconds. */
  readonly total: number
  /** What happens if the subscription requeues it more often than the queue allows. */
  readonly deliveryLimit?: Fate
}

export interface TracedExpiry {
  /** In milliseconds. */
  readonly after: number
  /** The source of the time to live that applies. */
  readonly by: TimeToLive
  readonly fate: Fate
}

/** The source of a time to live. */
export type TimeToLive =
  | { readonly kind: 'message' | 'argument' }
  | { readonly kind: 'policy' | 'operator-policy'; readonly name: string }

/** What happens to a message that a queue dead-letters or drops. */
export type Fate =
  | { readonly kind: 'dropped' }
  | {
      readonly kind: 'dead-lettered'
      readonly exchange: string
      readonly routingKey: string
      readonly reach: Reach
      /** Queues for which the broker drops the message, because it has been there before. */
      readonly cycles: readonly string[]
      /** Whether its queue keeps it until another queue accepts it. */
      readonly held: boolean
    }

/** Lists the facts of a queue, and what happens to a message in it. */
export function traceQueue({ model, routes }: RoutedVhost, queue: Queue, message: Message): TracedQueue {
  const { name } = queue
  const possible = model.settings(name)
  const settings = possible?.options ?? []
  const [only, ...others] = settings
  const facts = {
    kind: 'queue',
    name,
    ...(queue.type !== undefined && { type: queue.type }),
    settings,
    ...(others.length > 0 && possible && { settingsUnknown: possible.because }),
  } as const
  const fate = (reason: DeathReason): Fate => (only ? fateOf(model.deadLetter(name, message, reason, only)) : DROPPED)
  const failures = routes.subscriptions
    .filter((each) => consumedQueues(each).includes(name))
    .map((each) => traceFailure(each, followFailure(model, each, message), fate))
  if (only === undefined || others.length > 0 || only.type === 'stream') return { ...facts, failures }
  const lifetimes = [only.messageTtl, message.expiration].filter((each) => each !== undefined)
  const after = Math.min(...lifetimes)
  const isLimited = only.maxLength !== undefined || only.maxLengthBytes !== undefined
  return {
    ...facts,
    failures,
    ...(lifetimes.length > 0 && {
      expires: {
        after,
        by: after === only.messageTtl ? timeToLiveOf(model.winners(queue), queue, after) : { kind: 'message' },
        fate: fate('expired'),
      },
    }),
    rejected: fate('rejected'),
    ...(isLimited && only.overflow !== 'reject-publish' && { full: fate('maxlen') }),
  }
}

function traceFailure({ name }: Subscription, path: FailurePath, fate: (reason: DeathReason) => Fate): TracedFailure {
  const { steps, end } = path
  return {
    subscription: name,
    path,
    total: steps.reduce((sum, { delay }) => sum + delay, 0),
    ...(end.kind === 'requeued' && end.deliveryLimit !== undefined && { deliveryLimit: fate('delivery_limit') }),
  }
}

const DROPPED: Fate = { kind: 'dropped' }

function fateOf(letter: DeadLetter | undefined): Fate {
  if (letter === undefined) return DROPPED
  const { exchange, message, reach, cycles, held } = letter
  return { kind: 'dead-lettered', exchange, routingKey: message.routingKey, reach, cycles, held }
}

/** The policy or the queue argument that determines how long messages live. */
function timeToLiveOf(
  { policies, operatorPolicies }: ReturnType<RoutedVhost['model']['winners']>,
  queue: Queue,
  ttl: number,
): TimeToLive {
  if (queue.arguments['x-message-ttl'] === ttl) return { kind: 'argument' }
  const kinds = [
    ['policy', policies],
    ['operator-policy', operatorPolicies],
  ] as const
  for (const [kind, winners] of kinds) {
    const holding = possibleWinners(winners).find((each) => each?.policy.definition['message-ttl'] === ttl)
    if (holding !== undefined) return { kind, name: holding.policy.name }
  }
  return { kind: 'argument' }
}
