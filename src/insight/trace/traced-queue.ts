import { possibleWinners } from '../../model/policies/winning-policies.ts'
import type { Subscription } from '../../model/routes.ts'
import type { Queue } from '../../model/topology.ts'
import type { DeathReason } from '../routing/deaths.ts'
import { type FailurePath, followFailure } from '../routing/failure-path.ts'
import type { QueueSettings } from '../routing/queue-settings.ts'
import type { Doubt, Reach } from '../routing/reach.ts'
import type { DeadLetter, Message } from '../routing/vhost-model.ts'
import type { RoutedVhost } from '../routing/routed-vhost.ts'

/** A queue with its facts, and the fates of a message in it. */
export interface TracedQueue {
  readonly kind: 'queue'
  readonly name: string
  /** Absent where the virtual host decides. */
  readonly type?: string
  /** Several where it is unknown which policy holds. */
  readonly settings: readonly QueueSettings[]
  /** Why there are several settings. */
  readonly settingsUnknown?: Doubt
  /** What happens to a message that a subscription fails each time. */
  readonly failures: readonly TracedFailure[]
  /** What happens to a message that waits too long; absent where it waits for ever, or its settings are unknown. */
  readonly expires?: TracedExpiry
  /** What happens to a message that a consumer rejects; absent for streams, and where the settings are unknown. */
  readonly rejected?: Fate
  /** What happens to the message that makes the queue give one up; absent where the queue gives up none. */
  readonly full?: Fate
}

export interface TracedFailure {
  readonly subscription: string
  readonly path: FailurePath
  /** The sum of all delays, in milliseconds. */
  readonly total: number
  /** What happens to it if the subscription requeues it and the queue limits deliveries. */
  readonly deliveryLimit?: Fate
}

export interface TracedExpiry {
  /** In milliseconds. */
  readonly after: number
  /** Which time to live it is. */
  readonly by: TimeToLive
  readonly fate: Fate
}

/** Where a time to live comes from. */
export type TimeToLive =
  | { readonly kind: 'message' | 'argument' }
  | { readonly kind: 'policy' | 'operator-policy'; readonly name: string }

/** Where a message goes that a queue gives up. */
export type Fate =
  | { readonly kind: 'dropped' }
  | {
      readonly kind: 'dead-lettered'
      readonly exchange: string
      readonly routingKey: string
      readonly reach: Reach
      /** Queues for which the broker drops it, since it has been there already. */
      readonly cycles: readonly string[]
      /** Whether its queue keeps it until another queue takes it. */
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
    .filter((each) => each.queue === name)
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

/** The policy that says how long messages live, or the argument of the queue. */
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
