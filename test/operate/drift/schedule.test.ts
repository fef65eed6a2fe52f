import { describe, expect, it } from 'vitest'
import { isMistypedTime, isPaused, parsePause } from '../../../src/operate/drift/pause.ts'
import { nextLook, pauseAfter } from '../../../src/operate/drift/schedule.ts'

describe('nextLook', () => {
  it('is never shorter than the interval, and at most a tenth longer', () => {
    expect([nextLook(60_000, 0), nextLook(60_000, 1)]).toEqual([60_000, 66_000])
  })
})

describe('pauseAfter', () => {
  it('doubles with each failure, up to five minutes', () => {
    expect([1, 2, 3, 9, 10, 1_000].map((failures) => pauseAfter(failures, 1))).toEqual([
      1_000, 2_000, 4_000, 256_000, 300_000, 300_000,
    ])
  })

  it('is at least half as long', () => {
    expect(pauseAfter(3, 0)).toBe(2_000)
  })
})

describe('a pause', () => {
  const NOON = Date.parse('2026-01-31T12:00:00Z')

  it.each(['2026-01-31T12:00:00Z', '2026-01-31T13:00:00+01:00', ' 2026-01-31T12:00Z\n'])(
    'ends at a time: %j',
    (text) => {
      const pause = parsePause(text)

      expect([NOON - 1, NOON].map((now) => isPaused(pause, now))).toEqual([true, false])
    },
  )

  it('without a time has no end', () => {
    expect(isPaused(parsePause('\n'), NOON)).toBe(true)
  })

  it.each(['tomorrow', '/run/warren/pause', '2026-13-45T99:00Z', '5'])('is not a time: %s', (text) => {
    expect(parsePause(text)).toBeUndefined()
  })

  it.each([
    ['2026-13-45T99:00Z', true],
    [' 2026-01-31 noon', true],
    ['2026-01-31T12:00:00Z', false],
    ['/run/warren/2026-01-31', false],
    ['', false],
  ])('with the text %j is a mistyped time: %s', (text, isMistyped) => {
    expect(isMistypedTime(text)).toBe(isMistyped)
  })
})
