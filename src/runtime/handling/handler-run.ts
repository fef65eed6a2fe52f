import type { Handler } from '../consume/delivery.ts'
import { DeliveryView } from '../consume/delivery.ts'
import type { ClockTimer } from '../clock.ts'
import type { Failure } from '../failure/failure.ts'
import { aboutDelivery } from '../failure/failure.ts'
import type { FailureHandling } from '../failure/failure-handling.ts'
import type { IdempotencyClaim } from './idempotency-claim.ts'
import type { IdempotencyGuard } from './idempotency-guard.ts'
import type { Incoming } from '../consume/incoming.ts'
import { idempotencyKeyOf } from '../consume/message-reading.ts'
import type { MessageReader } from '../consume/message-reading.ts'
import type { Observer } from '../events/observer.ts'
import type { RuntimeEmitter } from '../events/runtime-events.ts'
import { maskThrown } from '../../model/secrets/mask-thrown.ts'
import { failureText } from '../../broker/amqp/messages/warren-headers.ts'

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
  /** Undefined where nobody asks for it. */
  readonly guard: IdempotencyGuard | undefined
  readonly observer: Observer
  readonly events: RuntimeEmitter
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
    return refuse(plan, incoming, { reason: 'poison', error: new PoisonError(incoming.returns) }, release)
  }
  const read = readMessage(plan.reader, incoming)
  if ('wrong' in read) {
    return refuse(plan, incoming, { reason: 'invalid', error: new Error(read.wrong) }, release)
  }
  const work: Work = { body: read.body, key: idempotencyKeyOf(plan.idempotencyKey, incoming, read.body) }
  if (!plan.guard) return run(plan, incoming, work, release)
  if (work.key === undefined) {
    plan.events.emit('keyMissing', aboutDelivery(plan.subscription, incoming))
    return run(plan, incoming, work, release)
  }
  void claimAndRun(plan, incoming, { ...work, claiming: plan.guard.claim(incoming, work.key) }, release)
}

/** A validator may throw: on a message that is nested very deeply, or by a mistake of its own. */
function readMessage(reader: MessageReader, incoming: Incoming): ReturnType<MessageReader['read']> {
  try {
    return reader.read(incoming)
  } catch (error) {
    return { wrong: `the message could not be checked: ${failureText(error)}` }
  }
}

async function claimAndRun(
  plan: HandlerPlan,
  incoming: Incoming,
  { claiming, ...work }: Work & { claiming: ReturnType<IdempotencyGuard['claim']> },
  release: () => void,
): Promise<void> {
  const claim = await claiming
  if (claim === 'duplicate') plan.observer.handling(plan.subscription, incoming)?.end('duplicate')
  if (claim === 'duplicate' || claim === 'later') release()
  else run(plan, incoming, { ...work, claim }, release)
}

/** What a handler gets to do. */
interface Work {
  readonly body: unknown
  readonly key: string | undefined
  readonly claim?: IdempotencyClaim
}

/** Settles a delivery whose handler must not run, as a failed try. */
export function refuse(plan: HandlerPlan, incoming: Incoming, failure: Failure, release: () => void): void {
  plan.observer.handling(plan.subscription, incoming)?.end(failure.reason, failure.error)
  if (incoming.session.isLive) plan.failures.failed(incoming, failure)
  release()
}

function run(plan: HandlerPlan, incoming: Incoming, { body, key, claim }: Work, release: () => void): void {
  let isOver = false
  let timer: ClockTimer | undefined
  const { clock } = incoming.session
  const since = plan.timeoutFromReceipt ? incoming.receivedAt : clock.now()
  const watched = plan.observer.handling(plan.subscription, incoming)
  const handle = (): unknown => plan.handler(body, new DeliveryView(plan.subscription, incoming, key))
  try {
    const result = watched ? watched.run(handle) : handle()
    if (!isThenable(result)) return succeeded()
    // What has ended already needs no timer, which would be a good part of what a message costs.
    timer = clock.setTimeout(timedOut, Math.max(0, plan.timeout - (clock.now() - since)))
    result.then(succeeded, failed)
  } catch (error) {
    failed(error)
  }

  function succeeded(): void {
    if (!finish()) return
    if (claim) void claim.complete().then(acknowledge)
    else acknowledge()
  }

  function acknowledge(): void {
    const isAcknowledged = incoming.ack()
    watched?.end(isAcknowledged ? 'done' : 'lost')
    release()
  }

  function failed(thrown: unknown): void {
    if (!finish()) return
    // From here on it is told to others: in events, logs, traces and the headers of copies.
    const error = maskThrown(thrown, plan.events.secrets)
    // Stopping the consumer has ended the handler, which is no failure of the message.
    if (!incoming.isAborted) return end({ reason: 'error', error })
    free(() => {
      const isHandedBack = incoming.requeue()
      watched?.end(isHandedBack ? 'requeued' : 'lost', error)
      release()
    })
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
    clock.clearTimeout(timer)
    return true
  }

  function end(failure: Failure): void {
    free(() => {
      const { isLive } = incoming.session
      watched?.end(isLive ? failure.reason : 'lost', failure.error)
      // A delivery that is lost comes again: a copy of it now would only make a duplicate.
      if (isLive) plan.failures.failed(incoming, failure)
      release()
    })
  }

  /** Frees the claim first, or who gets the message next would find it taken. */
  function free(then: () => void): void {
    if (claim) void claim.release().then(then)
    else then()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
