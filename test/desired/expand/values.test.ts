import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Finding } from '../../../src/diagnostics/findings/finding.ts'
import { readDuration, readRate, readSeconds, readSize } from '../../../src/desired/expand/values/quantity.ts'
import { durationLabel } from '../../../src/model/values/duration.ts'
import { readOffset } from '../../../src/desired/expand/routes/stream-offset.ts'
import type { Place } from '../../../src/desired/expand/expand-context.ts'
import { at, messagesOf } from './declared.ts'

/** The result, and the sentences of the findings. */
function reading<T>(read: (place: Place) => T | undefined): { value?: T | undefined; wrong: string[] } {
  const findings: Finding[] = []
  const value = read({ what: 'delay', location: at('here'), report: (found) => void findings.push(found) })
  return { value, wrong: messagesOf(findings) }
}

const DAY = 86_400_000
const limits = { minimum: 1, maximum: 10 * DAY }

describe('readDuration', () => {
  it.each([
    ['250ms', 250],
    ['5s', 5_000],
    ['30m', 1_800_000],
    ['2h', 7_200_000],
    ['10d', 10 * DAY],
    [1_500, 1_500],
    ['1500', 1_500],
  ])('reads %s as milliseconds', (written, milliseconds) => {
    expect(reading((place) => readDuration(written, place, limits))).toEqual({ value: milliseconds, wrong: [] })
  })

  it.each(['5 s', '5S', '1.5s', '5w', 's', '', '1e3', '+5s', '５s', 1.5, Number.NaN])(
    'does not read %s as a duration',
    (written) => {
      expect(reading((place) => readDuration(written, place, limits))).toEqual({
        wrong: [
          `here: delay is "${written}", which is not a duration (write 250ms, 5s, 30m, 2h, 14d, or a whole number of milliseconds)`,
        ],
      })
    },
  )

  it.each(['0s', '-5s', -1, '11d', '99999999999999999999d'])('finds %s out of range', (written) => {
    expect(reading((place) => readDuration(written, place, limits))).toEqual({
      wrong: [`here: delay is ${written}, which is out of range (write a value from 1ms to 10d)`],
    })
  })
})

describe('readSeconds', () => {
  const seconds = { minimum: 1, maximum: 100_000 }

  it('counts in seconds', () => {
    expect(reading((place) => readSeconds('2m', place, seconds))).toEqual({ value: 120, wrong: [] })
    expect(reading((place) => readSeconds('3000ms', place, seconds))).toEqual({ value: 3, wrong: [] })
  })

  it('refuses durations with fractions of a second', () => {
    expect(reading((place) => readSeconds('1500ms', place, seconds))).toEqual({
      wrong: [
        'here: delay is 1500ms, but the broker counts it in whole seconds (write a whole number of seconds, such as 30s)',
      ],
    })
  })
})

describe('durationLabel', () => {
  it.each([
    [60_000, '1m'],
    [90_000, '90s'],
    [1_500, '1500ms'],
    [7_200_000, '2h'],
    [DAY, '1d'],
    [14 * DAY, '14d'],
    [1_000, '1s'],
  ])('writes %d as %s', (milliseconds, label) => {
    expect(durationLabel(milliseconds)).toBe(label)
  })

  it('is read back as the same duration, and is the shortest way to write it', () => {
    const place: Place = { what: 'delay', location: at('here'), report: (found) => expect(found).toBeUndefined() }
    const whole = { minimum: 0, maximum: Number.MAX_SAFE_INTEGER }
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 3_650 }),
        fc.constantFrom<['ms' | 's' | 'm' | 'h' | 'd'][]>(['ms'], ['s'], ['m'], ['h'], ['d']),
        (count, [unit]) => {
          const milliseconds = readDuration(`${count}${unit}`, place, whole) ?? Number.NaN
          expect(readDuration(durationLabel(milliseconds), place, whole)).toBe(milliseconds)
          expect(Number.parseInt(durationLabel(milliseconds), 10)).toBeLessThanOrEqual(count)
        },
      ),
    )
  })
})

describe('readSize', () => {
  const bytes = { minimum: 0, maximum: 5_000_000_000 }

  it.each([
    ['512KiB', 524_288],
    ['10MB', 10_000_000],
    ['1GiB', 1_073_741_824],
    ['7B', 7],
    ['7', 7],
    [0, 0],
    ['1KB', 1_000],
  ])('reads %s as bytes', (written, count) => {
    expect(reading((place) => readSize(written, place, bytes))).toEqual({ value: count, wrong: [] })
  })

  it.each(['1 MB', '1mb', '1iB', '1.5MiB', 'MB', '1PB'])('does not read %s as a size', (written) => {
    expect(reading((place) => readSize(written, place, bytes))).toEqual({
      wrong: [
        `here: delay is "${written}", which is not a size (write 512KiB, 10MB, 1GiB, or a whole number of bytes)`,
      ],
    })
  })

  it.each(['5GiB', '-1MB', -1])('finds %s out of range', (written) => {
    expect(reading((place) => readSize(written, place, bytes))).toEqual({
      wrong: [`here: delay is ${written}, which is out of range (write a value from 0 to 5,000,000,000)`],
    })
  })
})

describe('readRate', () => {
  it.each([
    ['50/s', { count: 50, per: 1_000 }],
    ['3000/m', { count: 3_000, per: 60_000 }],
    ['10/h', { count: 10, per: 3_600_000 }],
  ])('reads %s', (written, rate) => {
    expect(reading((place) => readRate(written, place))).toEqual({ value: rate, wrong: [] })
  })

  it.each(['0/s', '50', '50/d', '1.5/s', '-1/s', '50 / s', '99999999999999999999/s'])(
    'does not read %s as a rate',
    (written) => {
      expect(reading((place) => readRate(written, place))).toEqual({
        wrong: [`here: delay is "${written}", which is not a rate (write 50/s, 3000/m or 10/h)`],
      })
    },
  )
})

describe('readOffset', () => {
  it.each([
    ['first', { kind: 'first' }],
    ['last', { kind: 'last' }],
    ['next', { kind: 'next' }],
    [0, { kind: 'offset', offset: 0 }],
    [42, { kind: 'offset', offset: 42 }],
    ['2026-01-31T12:00:00Z', { kind: 'time', time: Date.UTC(2026, 0, 31, 12) }],
    ['2026-01-31T12:00:00.250+01:00', { kind: 'time', time: Date.UTC(2026, 0, 31, 11, 0, 0, 250) }],
    ['2026-01-31', { kind: 'time', time: Date.UTC(2026, 0, 31) }],
  ])('reads %s', (written, offset) => {
    expect(reading((place) => readOffset(written, place))).toEqual({ value: offset, wrong: [] })
  })

  it.each([
    'yesterday',
    '2026-02-30',
    '2026-02-30T00:00:00Z',
    '2026-01-31T12:00:00',
    '2026-01-31T25:00:00Z',
    '31.01.2026',
  ])('does not read %s as a position in a stream', (written) => {
    expect(reading((place) => readOffset(written, place))).toEqual({
      wrong: [
        `here: offset is "${written}", which is not a position in a stream (write first, last, next, the number of a message, or a time such as 2026-01-31T12:00:00Z)`,
      ],
    })
  })

  it('reports a negative number as out of range', () => {
    expect(reading((place) => readOffset(-1, place))).toEqual({
      wrong: ['here: delay is -1, which is out of range (write a value from 0 to 9,007,199,254,740,991)'],
    })
  })
})
