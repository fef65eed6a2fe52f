import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { NoAnswerError } from '../../../../src/broker/amqp/connections/answer-limit.ts'
import { ConfirmWatch } from '../../../../src/broker/amqp/moving/confirm-watch.ts'
import type { OpenConnection } from '../../../../src/broker/amqp/connections/open-connection.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** A watch over messages to `there`, and what it reports. */
function watch(blocked?: string) {
  const waiting: string[] = []
  const silent: Error[] = []
  const connection = { answerLimit: 30_000, blocked } as OpenConnection
  const watched = new ConfirmWatch(connection, 'there', {
    onWaiting: (text) => waiting.push(text),
    onSilent: (reason) => silent.push(reason),
  })
  return { watched, waiting, silent }
}

describe('ConfirmWatch', () => {
  it('reports unconfirmed messages every ten seconds, and ends after 30 seconds', () => {
    const { watched, waiting, silent } = watch()
    for (let n = 0; n < 3; n += 1) watched.published()
    vi.advanceTimersByTime(5_000)
    watched.answered()
    vi.advanceTimersByTime(60_000)

    expect(waiting).toEqual(
      [5, 15, 25].map((time) => `2 of 3 messages published to there are not confirmed after ${time} s`),
    )
    expect(silent).toEqual([new NoAnswerError('2 of 3 messages published to there are not confirmed after 35 s')])
    expect(silent[0]).toBeInstanceOf(NoAnswerError)
  })

  it('waits twice as long while the broker blocks the connection, and ends with its reason', () => {
    const { watched, waiting, silent } = watch('low on memory')
    watched.published()
    vi.advanceTimersByTime(120_000)

    expect(waiting).toHaveLength(5)
    expect(waiting[0]).toBe(
      '1 of 1 messages published to there are not confirmed after 10 s, the broker accepts no messages at the moment (low on memory)',
    )
    expect(silent).toHaveLength(1)
    expect(silent[0]).not.toBeInstanceOf(NoAnswerError)
    expect(silent[0]?.message).toMatch(
      /^the broker accepts no messages at the moment \(low on memory\): .* after 60 s$/,
    )
  })

  it('reports nothing while everything is confirmed', () => {
    const { watched, waiting, silent } = watch()
    for (let n = 0; n < 10; n += 1) {
      watched.published()
      vi.advanceTimersByTime(9_000)
      watched.answered()
      vi.advanceTimersByTime(60_000)
    }

    expect([...waiting, ...silent]).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})
