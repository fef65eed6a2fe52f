import { describe, expect, it } from 'vitest'
import type { FailureRule, RetryDelay } from '../../../src/model/routes.ts'
import { decideFailure } from '../../../src/runtime/failure/decide-failure.ts'
import type { FailedDelivery } from '../../../src/runtime/failure/decide-failure.ts'
import type { Failure } from '../../../src/runtime/failure/failure.ts'
import { DoNotRetry, RetryAfter } from '../../../src/runtime/failure/retry-hints.ts'

const error: Failure = { reason: 'error', error: new Error('no') }
const last = { exchange: 'email.failed', routingKey: 'dead' }
const deadLetter = { kind: 'deadLetter', ...last }

function delay(routingKey: string, milliseconds: number): RetryDelay {
  return { routingKey, delay: milliseconds, queue: `email.retry.${routingKey}` }
}
const back = delay('back', 0)
const seconds = delay('5s', 5_000)
const minute = delay('1m', 60_000)
const hour = delay('1h', 3_600_000)

function decide(rule: FailureRule, failure: Failure = error, about: Partial<FailedDelivery> = {}) {
  const first = { retries: 0, failedHere: 0, heldFor: 0, returns: 0, isDraining: false }
  return decideFailure(rule, failure, { ...first, queueType: 'quorum', brokerVersion: '4.3.1', ...about })
}

function thrown(what: Error): Failure {
  return { reason: 'error', error: what }
}

describe('a failure on a queue with delay queues', () => {
  const rule: FailureRule = { kind: 'ladder', exchange: 'email.failed', delays: [seconds, minute, hour], last }

  it.each([
    [0, [seconds, minute, hour]],
    [1, [minute, seconds, hour]],
    [2, [hour, minute, seconds]],
  ])('uses the next delay after %i retries, or the nearest one that exists', (retries, delays) => {
    expect(decide(rule, error, { retries })).toEqual({ kind: 'delay', exchange: 'email.failed', delays })
  })

  it('goes to the dead-letter queue after the last delay', () => {
    expect(decide(rule, error, { retries: 3 })).toEqual(deadLetter)
  })

  it.each([
    ['an unreadable message', { reason: 'invalid', error: new Error('no JSON') } as const],
    ['a message that keeps ending its workers', { reason: 'poison', error: new Error('again') } as const],
    ['DoNotRetry', thrown(new DoNotRetry('no account'))],
  ])('goes to the dead-letter queue at once for %s', (_, failure) => {
    expect(decide(rule, failure)).toEqual(deadLetter)
  })

  it('uses the delay that is nearest to the time of RetryAfter, while retries are left', () => {
    const asked = thrown(new RetryAfter(40_000))

    expect(decide(rule, asked)).toMatchObject({ delays: [minute, seconds, hour] })
    expect(decide(rule, asked, { retries: 3 })).toEqual(deadLetter)
  })

  it('returns to its queue without a delay only if the declared next delay or the handler says so', () => {
    const withBack: FailureRule = { ...rule, delays: [back, minute] }

    expect(decide(withBack)).toMatchObject({ delays: [back, minute] })
    expect(decide(withBack, error, { retries: 1 })).toMatchObject({ delays: [minute] })
    expect(decide(withBack, thrown(new RetryAfter(1)))).toMatchObject({ delays: [minute] })
    expect(decide(withBack, thrown(new RetryAfter(0)))).toMatchObject({ delays: [back, minute] })
  })

  it('is discarded after the last delay if the topology declares it', () => {
    expect(decide({ ...rule, last: 'discard' }, error, { retries: 3 })).toEqual({ kind: 'discard' })
  })
})

describe('a failure on a queue whose broker retries', () => {
  const rule: FailureRule = { kind: 'native', exchange: 'email.failed', min: 1_000, max: 2_500, attempts: 3, last }

  it.each([
    [0, { kind: 'reject', delay: 1_000 }],
    [1, { kind: 'reject', delay: 2_000 }],
    [2, { kind: 'reject', delay: 2_500 }],
    [3, deadLetter],
  ])('is rejected until the attempts are used up: after %i retries', (retries, decision) => {
    expect(decide(rule, error, { retries })).toEqual(decision)
  })

  it('goes to the dead-letter queue at once for DoNotRetry', () => {
    expect(decide(rule, thrown(new DoNotRetry('no account')))).toEqual(deadLetter)
  })
})

describe('a failure on a queue with neither retry nor deadLetter', () => {
  it('is discarded or stops the consumer, depending on onFailure', () => {
    expect(decide({ kind: 'onFailure', action: 'discard' })).toEqual({ kind: 'discard' })
    expect(decide({ kind: 'onFailure', action: 'stop' })).toMatchObject({ kind: 'stop' })
  })

  it('stops the consumer at a message that cannot be read, whatever onFailure says', () => {
    const invalid: Failure = { reason: 'invalid', error: new Error('no JSON') }

    for (const action of ['requeue', 'discard', 'stop'] as const) {
      expect(decide({ kind: 'onFailure', action }, invalid)).toEqual({ kind: 'stop', cause: 'cannot read a message' })
    }
  })
})
