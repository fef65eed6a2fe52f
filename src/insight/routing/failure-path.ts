import type { FailureRule, RetryDelay, Subscription } from '../../model/routes.ts'
import type { Message, VhostModel } from './vhost-model.ts'
import { NOWHERE, type Reach } from './reach.ts'

/** One retry: the queue in which a failed message waits, and where it goes afterwards. */
export interface RetryStep {
  /** In milliseconds. */
  readonly delay: number
  /** The queue that it waits in. */
  readonly queue: string
  /** The queues that it reaches after the delay. */
  readonly back: Reach
}

/** What happens to a message that fails every time. */
export interface FailurePath {
  readonly steps: readonly RetryStep[]
  /** What happens after the last retry, or immediately if there is none. */
  readonly end: FailureEnd
}

export type FailureEnd =
  | { readonly kind: 'dead-letter'; readonly reach: Reach }
  /** It is acknowledged, and gone. */
  | { readonly kind: 'discarded' }
  /** The handler gets it again and again. */
  | { readonly kind: 'requeued'; readonly deliveryLimit?: number }
  /** The consumer stops, and the message stays. */
  | { readonly kind: 'stopped' }

/**
 * Follows a message whose handler fails every time, by the rules of the runtime: it publishes a copy to the exchange
 * for failed messages, first with the key of each delay, and then with the key for dead letters.
 */
export function followFailure(model: VhostModel, { queue, failure }: Subscription, message: Message): FailurePath {
  switch (failure.kind) {
    case 'ladder':
      return {
        steps: failure.delays.map((delay) => stepOf(model, failure.exchange, delay, message)),
        end: endOf(model, failure, message),
      }
    case 'native': {
      const steps = Array.from({ length: failure.attempts }, (_, index) => ({
        delay: Math.min((index + 1) * failure.min, failure.max),
        queue,
        back: { ...NOWHERE, queues: [queue] },
      }))
      return { steps, end: endOf(model, failure, message) }
    }
    case 'onFailure':
      return { steps: [], end: WITHOUT_RETRY[failure.action](failure.deliveryLimit) }
  }
}

function stepOf(
  model: VhostModel,
  exchange: string,
  { delay, routingKey, queue }: RetryDelay,
  message: Message,
): RetryStep {
  const copy = copyOf(message, routingKey)
  if (delay === 0) return { delay, queue, back: model.route(exchange, copy) }
  const [settings] = model.settings(queue)?.options ?? []
  const isThere = model.route(exchange, copy).queues.includes(queue)
  const back = isThere && settings !== undefined ? model.deadLetter(queue, copy, 'expired', settings)?.reach : undefined
  return { delay, queue, back: back ?? NOWHERE }
}

function endOf(model: VhostModel, { last }: Exclude<FailureRule, { kind: 'onFailure' }>, message: Message): FailureEnd {
  if (last === 'discard') return { kind: 'discarded' }
  return { kind: 'dead-letter', reach: model.route(last.exchange, copyOf(message, last.routingKey)) }
}

/** `onFailure`, by the rules of the runtime: a discarded message is acknowledged. */
const WITHOUT_RETRY: Readonly<
  Record<Extract<FailureRule, { kind: 'onFailure' }>['action'], (deliveryLimit: number | undefined) => FailureEnd>
> = {
  discard: () => ({ kind: 'discarded' }),
  stop: () => ({ kind: 'stopped' }),
  requeue: (deliveryLimit) => ({ kind: 'requeued', ...(deliveryLimit !== undefined && { deliveryLimit }) }),
}

/** The runtime's copy has the headers of the message and a single routing key. */
function copyOf({ headers = {} }: Message, routingKey: string): Message {
  const { CC: _, BCC: __, ...others } = headers
  return { routingKey, headers: others }
}
