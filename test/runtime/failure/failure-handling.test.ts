import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { FailureRule } from '../../../src/model/routes.ts'
import { countedBy } from '../../../src/runtime/consume/broker-counts.ts'
import { systemClock } from '../../../src/runtime/clock.ts'
import { FailureCopies } from '../../../src/runtime/failure/failure-copies.ts'
import { FailureHandling } from '../../../src/runtime/failure/failure-handling.ts'
import { Delivery } from '../../../src/runtime/consume/delivery.ts'
import { DoNotRetry, RetryAfter } from '../../../src/runtime/failure/retry-hints.ts'
import { RuntimeEmitter } from '../../../src/runtime/events/runtime-events.ts'
import { message } from '../messages.ts'

type Rule = Extract<FailureRule, { kind: 'onFailure' }>

const no = { reason: 'error', error: new Error('no') } as const
const QUARTER_OF_AN_HOUR = 15 * 60_000

beforeEach(() => {
  vi.useFakeTimers()
})

afterEach(() => {
  vi.useRealTimers()
})

/** A consumer of a queue that keeps failing, and what happened to its delivery. */
function failing({
  rule = { kind: 'onFailure', action: 'requeue' },
  queueType = 'quorum',
  brokerVersion = '4.0.5',
  returns = 0,
}: { rule?: Rule; queueType?: string; brokerVersion?: string; returns?: number; why?: string } = {}) {
  const happened: string[] = []
  const session = {
    clock: systemClock,
    isStream: queueType === 'stream',
    isLive: true,
    isDraining: false,
    over: new AbortController().signal,
    settle: (_: Delivery, how: string) => happened.push(how) > 0,
    runAgain: () => happened.push('again'),
  }
  const delivered = message({
    properties: { messageId: 'm-1', headers: { 'x-delivery-count': returns } },
    fields: { redelivered: returns > 0 },
  })
  const counted = countedBy(queueType, brokerVersion)
  const delivery = new Delivery(delivered, 'email', session, false, counted)
  const events = new RuntimeEmitter()
  const failures = new FailureHandling({
    subscription: 'emails',
    rule,
    queueType,
    brokerVersion: () => brokerVersion,
    copies: new FailureCopies('emails', false, { publish: () => Promise.reject(new Error()), frameMax: 4_096 }, events),
    events,
    answerFailure: undefined,
    stop: (error) => happened.push(`stop: ${error.message.split(' — ')[0]}`),
  })
  return { happened, delivery, failures, session }
}

describe('a failed delivery of a queue with neither retry nor deadLetter', () => {
  it('runs the handler again after pauses that grow (pitfall 25)', async () => {
    const { happened, delivery, failures } = failing()
    for (const seconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      failures.failed(delivery, no)
      await vi.advanceTimersByTimeAsync(seconds * 1_000 - 1)
      expect(happened).toEqual([])
      await vi.advanceTimersByTimeAsync(1)
      expect(happened.splice(0)).toEqual(['again'])
    }
    expect(delivery.attempt).toBe(9)
  })

  it('waits as long as the handler asks, but not for hours', async () => {
    const { happened, delivery, failures } = failing()
    failures.failed(delivery, { reason: 'error', error: new RetryAfter(50) })
    await vi.advanceTimersByTimeAsync(50)
    expect(happened.splice(0)).toEqual(['again'])

    failures.failed(delivery, { reason: 'error', error: new RetryAfter(3_600_000) })
    await vi.advanceTimersByTimeAsync(300_000)
    expect(happened).toEqual(['again'])
  })

  it.each([
    { queueType: 'classic', brokerVersion: '4.0.5', returns: 0, why: 'a classic queue has no delivery limit' },
    { queueType: 'quorum', brokerVersion: '3.10.8', returns: 99, why: 'before 4.0 there was no limit' },
    { queueType: 'quorum', brokerVersion: '4.0.5', returns: 18, why: 'the limit is not near yet' },
  ])('requeues a message that it has held for too long if the queue keeps it: $why', (queue) => {
    const { happened, delivery, failures } = failing(queue)
    vi.advanceTimersByTime(QUARTER_OF_AN_HOUR)
    failures.failed(delivery, no)
    expect(happened).toEqual(['requeue'])
  })

  it.each([
    { brokerVersion: '4.0.5', returns: 19, why: '4.0 drops at the 21st return' },
    { brokerVersion: '', returns: 19, why: 'the version is not known' },
    {
      rule: { kind: 'onFailure', action: 'requeue', deliveryLimit: 3 } as const,
      returns: 2,
      why: 'the limit is declared',
    },
  ])('stops before a return at which the queue would drop the message: $why', (queue) => {
    const { happened, delivery, failures } = failing(queue)
    vi.advanceTimersByTime(QUARTER_OF_AN_HOUR)
    failures.failed(delivery, no)
    expect(happened).toEqual([
      'stop: subscription "emails" has failed on a message for too long ("m-1") and has stopped: Error: no',
      'requeue',
    ])
  })

  it('continues to retry when any return would lose the message (pitfall 28)', async () => {
    const { happened, delivery, failures } = failing({ returns: 20 })
    vi.advanceTimersByTime(QUARTER_OF_AN_HOUR)
    failures.failed(delivery, no)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(happened).toEqual(['again'])
  })

  it('holds a message of a stream, which cannot requeue it (pitfall 60)', async () => {
    const { happened, delivery, failures } = failing({ queueType: 'stream' })
    vi.advanceTimersByTime(QUARTER_OF_AN_HOUR)
    failures.failed(delivery, no)
    await vi.advanceTimersByTimeAsync(1_000)
    expect(happened).toEqual(['again'])
  })

  it('requeues at once while the consumer is being stopped', () => {
    const { happened, delivery, failures, session } = failing()
    session.isDraining = true
    failures.failed(delivery, no)
    expect(happened).toEqual(['requeue'])
  })

  it('stops at a message that its handler can never handle', () => {
    const { happened, delivery, failures } = failing()
    failures.failed(delivery, { reason: 'error', error: new DoNotRetry('no account') })
    expect(happened).toEqual([
      'stop: subscription "emails" may not retry a message ("m-1") and has stopped: DoNotRetry: no account',
      'requeue',
    ])
  })
})
