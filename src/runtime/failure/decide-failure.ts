import type { FailureRule, RetryDelay } from '../../model/routes.ts'
import { growingPause, HOLD } from '../connection/backoff.ts'
import type { Failure } from './failure.ts'
import { askedDelay, asksForNoRetry } from './retry-hints.ts'

/**
 * How long a delivery may be held for further attempts, in milliseconds. The broker closes the channel of a consumer that
 * holds a delivery for 30 minutes (`consumer_timeout`), and the last attempt needs some of that time.
 */
const LONGEST_HOLD = 15 * 60_000

/** The longest pause that a handler can request; a longer one is shortened. In milliseconds. */
const LONGEST_PAUSE = 5 * 60_000

/** The default delivery limit of a quorum queue in RabbitMQ 4; the next return drops the message. */
const DEFAULT_DELIVERY_LIMIT = 20

/** The facts that determine the decision about a failed delivery, in addition to the declared rule and the failure. */
export interface FailedDelivery {
  /** Retries before this delivery, through copies or counted by the queue (`mode: native`). */
  readonly retries: number
  /** How often its handler has already failed while this process held it. */
  readonly failedHere: number
  /** How long this process has held it, in milliseconds. */
  readonly heldFor: number
  /** How often the broker has delivered it before without receiving an acknowledgement. */
  readonly returns: number
  /** Whether its consumer is being stopped. */
  readonly isDraining: boolean
  /** `classic`, `quorum` or `stream`; undefined if unknown. */
  readonly queueType: string | undefined
  /** Empty if unknown. */
  readonly brokerVersion: string
}

/** Why a consumer stops at a message, as the end of a sentence. */
export type StopCause =
  | 'cannot read a message'
  | 'failed on a message (onFailure: stop)'
  | 'may not retry a message'
  | 'has failed on a message for too long'

/** The decision of the runtime about a failed delivery. */
export type FailureDecision =
  /** A copy waits in the first of these delay queues that exists, and the delivery is acknowledged. */
  | { readonly kind: 'delay'; readonly exchange: string; readonly delays: readonly [RetryDelay, ...RetryDelay[]] }
  /** The delivery is rejected, and its queue redelivers it after this many milliseconds (`mode: native`). */
  | { readonly kind: 'reject'; readonly delay: number }
  /** A copy goes to the dead-letter queue, and the delivery is acknowledged. */
  | { readonly kind: 'deadLetter'; readonly exchange: string; readonly routingKey: string }
  /** The delivery is acknowledged, and the message is dropped. */
  | { readonly kind: 'discard' }
  /** The delivery is held, and its handler runs again after this many milliseconds. */
  | { readonly kind: 'runAgain'; readonly delay: number }
  /** The delivery is requeued. */
  | { readonly kind: 'requeue'; readonly because: 'held too long' | 'consumer stops' }
  /** The consumer ends, and the delivery is requeued. */
  | { readonly kind: 'stop'; readonly cause: StopCause }

/** Decides what to do with a failed delivery, from the declared rule, the failure, and the history of the message. */
export function decideFailure(rule: FailureRule, failure: Failure, delivery: FailedDelivery): FailureDecision {
  switch (rule.kind) {
    case 'ladder':
      return onLadder(rule, failure, delivery)
    case 'native':
      return byBroker(rule, failure, delivery)
    case 'onFailure':
      return inPlace(rule, failure, delivery)
  }
}

type Rule<Kind extends FailureRule['kind']> = Extract<FailureRule, { kind: Kind }>

/** Sends the message to the next delay, and after the last one to the dead-letter queue. */
function onLadder(rule: Rule<'ladder'>, failure: Failure, { retries }: FailedDelivery): FailureDecision {
  const next = isFinal(failure) ? undefined : rule.delays[retries]
  if (!next) return end(rule.last)
  const asked = askedDelay(failure.error)
  const wanted = asked === undefined ? next : (closest(asked, rule.delays) ?? next)
  return { kind: 'delay', exchange: rule.exchange, delays: [wanted, ...nearest(wanted, rule.delays)] }
}

/**
 * Rejects the message. A quorum queue then counts it, and redelivers it after its own delay. Only the last failure
 * makes a copy, because the broker would dead-letter the message without a reason. From RabbitMQ 4.3 on, `basic.nack`
 * would not count, and the message would be redelivered immediately: an endless busy loop.
 */
function byBroker(rule: Rule<'native'>, failure: Failure, { retries }: FailedDelivery): FailureDecision {
  if (isFinal(failure) || retries >= rule.attempts) return end(rule.last)
  return { kind: 'reject', delay: Math.min(rule.min * (retries + 1), rule.max) }
}

/** The queue has neither `retry` nor `deadLetter`: `onFailure` decides. */
function inPlace(rule: Rule<'onFailure'>, failure: Failure, delivery: FailedDelivery): FailureDecision {
  if (failure.reason === 'invalid') return { kind: 'stop', cause: 'cannot read a message' }
  if (rule.action === 'discard') return { kind: 'discard' }
  if (rule.action === 'stop') return { kind: 'stop', cause: 'failed on a message (onFailure: stop)' }
  if (asksForNoRetry(failure.error)) return { kind: 'stop', cause: 'may not retry a message' }
  if (delivery.isDraining) return { kind: 'requeue', because: 'consumer stops' }
  const delay = Math.min(askedDelay(failure.error) ?? growingPause(HOLD, delivery.failedHere), LONGEST_PAUSE)
  if (delivery.heldFor + delay > LONGEST_HOLD) {
    const left = returnsLeft(rule, delivery)
    // Stopping requeues the message too. The consumer has to stop before the queue drops the message.
    if (left === 1) return { kind: 'stop', cause: 'has failed on a message for too long' }
    if (left > 1) return { kind: 'requeue', because: 'held too long' }
    // Every return would lose the message: it can only be tried again here.
  }
  return { kind: 'runAgain', delay }
}

/** How many more times the message can be requeued before the queue drops it. A stream cannot requeue. */
function returnsLeft(rule: Rule<'onFailure'>, { queueType, brokerVersion, returns }: FailedDelivery): number {
  if (queueType === 'stream') return 0
  if (queueType === 'classic') return Infinity
  const limit = rule.deliveryLimit
  // Before 4.0, a quorum queue without a limit drops nothing.
  if (limit === undefined && Number.parseInt(brokerVersion, 10) < 4) return Infinity
  return Math.max(0, (limit ?? DEFAULT_DELIVERY_LIMIT) - returns)
}

function isFinal({ reason, error }: Failure): boolean {
  return reason === 'invalid' || reason === 'poison' || asksForNoRetry(error)
}

function end(last: Rule<'ladder'>['last']): FailureDecision {
  return last === 'discard' ? { kind: 'discard' } : { kind: 'deadLetter', ...last }
}

/** The other delays, the nearest first. A delay of 0 is left out, because it would cause a busy loop. */
function nearest(wanted: RetryDelay, delays: readonly RetryDelay[]): RetryDelay[] {
  const others = new Map<string, RetryDelay>()
  for (const each of delays) {
    if (each.delay > 0 && each.routingKey !== wanted.routingKey) others.set(each.routingKey, each)
  }
  return [...others.values()].toSorted(
    (a, b) => Math.abs(a.delay - wanted.delay) - Math.abs(b.delay - wanted.delay) || a.delay - b.delay,
  )
}

function closest(delay: number, delays: readonly RetryDelay[]): RetryDelay | undefined {
  const usable = delays.filter((each) => each.delay > 0 || delay === 0)
  return usable.toSorted((a, b) => Math.abs(a.delay - delay) - Math.abs(b.delay - delay))[0] ?? delays[0]
}

/** The first version of RabbitMQ whose quorum queues delay rejected messages. */
export const NATIVE_RETRY_SINCE = [4, 3, 1] as const

/** Whether a broker of this version delays rejected messages; assumed for a broker that reports no version. */
export function delaysRejected(version: string): boolean {
  if (version === '') return true
  const parts = version.split(/[.-]/).map(Number)
  for (const [at, since] of NATIVE_RETRY_SINCE.entries()) {
    const part = parts[at] ?? 0
    if (part !== since) return Number.isNaN(part) || part > since
  }
  return true
}
