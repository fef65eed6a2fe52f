import type { Handler } from './delivery.ts'
import { DeliveryView } from './delivery.ts'
import type { Failure, FailureHandling } from './failure.ts'
import type { Incoming } from './incoming.ts'
import { idempotencyKeyOf } from './message-reading.ts'
import type { MessageReader } from './message-reading.ts'

/** The handler did not end in time. */
export class HandlerTimeoutError extends Error {
  override readonly name = 'HandlerTimeoutError'

  constructor(subscription: string, queue: string, milliseconds: number) {
    super(`the handler of subscription "${subscription}" (queue "${queue}") has not ended within ${milliseconds} ms`)
  }
}

/** The message was given out again and again without being acknowledged: it may be what ends its workers. */
export class PoisonError extends Error {
  override readonly name = 'PoisonError'

  constructor(returns: number) {
    super(`the message was given out ${returns} times before without being acknowledged`)
  }
}

/** What is needed to run the handler of one subscription. */
export interface HandlerPlan {
  readonly subscription: string
  readonly handler: Handler
  readonly reader: MessageReader
  readonly failures: FailureHandling
  readonly idempotencyKey: string | undefined
  /** In milliseconds. */
  readonly timeout: number
  /** Whether the time that the delivery waited in this process counts as well. */
  readonly timeoutFromReceipt: boolean
  /** From how many returns on a message is put aside as poison. */
  readonly poisonAfter: number
}

/**
 * Takes one delivery through its handler: read, check, run, and settle by what came of it.
 * The outcome counts once: what a handler does after its time is over changes nothing.
 */
export function runHandler(plan: HandlerPlan, incoming: Incoming, release: () => void): void {
  if (incoming.returns > plan.poisonAfter && plan.failures.parksPoison) {
    return end({ reason: 'poison', error: new PoisonError(incoming.returns) })
  }
  const read = plan.reader.read(incoming)
  if ('wrong' in read) return end({ reason: 'invalid', error: new Error(read.wrong) })

  let isOver = false
  const age = plan.timeoutFromReceipt ? performance.now() - incoming.receivedAt : 0
  const timer = setTimeout(timedOut, Math.max(0, plan.timeout - age))
  const key = idempotencyKeyOf(plan.idempotencyKey, incoming, read.body)
  try {
    const result = plan.handler(read.body, new DeliveryView(plan.subscription, incoming, key))
    if (isThenable(result)) result.then(succeeded, failed)
    else succeeded()
  } catch (error) {
    failed(error)
  }

  function succeeded(): void {
    if (!finish()) return
    incoming.ack()
    release()
  }

  function failed(error: unknown): void {
    if (!finish()) return
    // Stopping the consumer has ended the handler, which is no failure of the message.
    if (!incoming.isAborted) return end({ reason: 'error', error })
    incoming.handBack()
    release()
  }

  function timedOut(): void {
    if (!finish()) return
    const error = new HandlerTimeoutError(plan.subscription, incoming.queue, plan.timeout)
    incoming.abort(error)
    end({ reason: 'timeout', error })
  }

  function finish(): boolean {
    if (isOver) return false
    isOver = true
    clearTimeout(timer)
    return true
  }

  function end(failure: Failure): void {
    // A delivery that is lost comes again: a copy of it now would only make a duplicate.
    if (incoming.session.isLive) plan.failures.failed(incoming, failure)
    release()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
