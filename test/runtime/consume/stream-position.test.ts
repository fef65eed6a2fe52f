import { describe, expect, it } from 'vitest'
import { StreamPosition } from '../../../src/runtime/consume/stream-position.ts'

const at = (offset: number) => ({ 'x-stream-offset': offset })
const time = 1_700_000_000_123

describe('StreamPosition', () => {
  it('begins at the declared offset', () => {
    expect(new StreamPosition({ kind: 'first' }).begin()).toBe('first')
    expect(new StreamPosition({ kind: 'last' }).begin()).toBe('last')
    expect(new StreamPosition(undefined).begin()).toBe('next')
    expect(new StreamPosition({ kind: 'offset', offset: 7 }).begin()).toBe(7)
    expect(new StreamPosition({ kind: 'time', time }).begin()).toEqual({ '!': 'timestamp', value: 1_700_000_000 })
  })

  it('continues with the first message that was not done', () => {
    const position = new StreamPosition({ kind: 'first' })
    position.begin()
    for (const offset of [10, 11, 12, 13]) position.received(at(offset))
    for (const offset of [10, 12]) position.settled(at(offset))

    expect(position.begin()).toBe(11)
  })

  it('continues after the last message when all were done', () => {
    const position = new StreamPosition({ kind: 'first' })
    position.begin()
    position.received(at(4))
    position.settled(at(4))

    expect(position.begin()).toBe(5)
    expect(position.begin()).toBe(5)
  })

  it('does not skip messages that arrived while it was disconnected, even if it has seen none before', () => {
    const position = new StreamPosition({ kind: 'next' })
    expect(position.begin(time)).toBe('next')
    expect(position.begin(time + 60_000)).toEqual({ '!': 'timestamp', value: 1_700_000_000 })
  })
})
