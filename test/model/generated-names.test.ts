import { describe, expect, it } from 'vitest'
import {
  excessiveLength,
  holdingQueueName,
  isJournalName,
  isLockName,
  isRecordName,
  isReservedParameterName,
  journalName,
  lockName,
  queueOfFailedExchange,
  recordName,
} from '../../src/model/generated-names.ts'

describe('a generated name', () => {
  it.each([
    ['of a holding queue', holdingQueueName, '.moving'],
    ['of a lock', lockName, ''],
  ] as const)('%s has at most 255 bytes, and is different for different source names', (_, nameOf, suffix) => {
    const names = ['a', 'a'.repeat(248), 'a'.repeat(249), 'a'.repeat(255), 'é'.repeat(127), `${'é'.repeat(126)}aa`]
    const generated = names.map((name) => nameOf(name))

    expect(new Set(generated).size).toBe(names.length)
    expect(generated.filter((name) => Buffer.byteLength(name) > 255 || !name.endsWith(suffix))).toEqual([])
    // Half of a surrogate pair would become a replacement character on the wire.
    const astral = nameOf('😀'.repeat(63))
    expect(Buffer.from(astral).toString()).toBe(astral)
  })

  it('recognizes the name of a lock, and finds the queue of an exchange for failed messages', () => {
    expect([lockName('shop'), lockName('s'.repeat(255)), 'warren.locks'].map(isLockName)).toEqual([true, true, false])
    expect(queueOfFailedExchange('work.failed')).toBe('work')
    expect(queueOfFailedExchange('work')).toBeUndefined()
  })

  it('makes short reserved names of records and journals, which cannot be confused', () => {
    const place = { project: 'p'.repeat(255), vhost: 'v'.repeat(255) }
    const names = [recordName(place), journalName(place)]

    expect(names.map(isRecordName)).toEqual([true, false])
    expect(names.map(isJournalName)).toEqual([false, true])
    expect(names.every(isReservedParameterName)).toBe(true)
    expect(names.map(({ length }) => length)).toEqual([29, 29])
  })

  it('is too long from 256 bytes on, whatever the number of its characters', () => {
    expect(['é'.repeat(127) + 'a', 'é'.repeat(128)].map(excessiveLength)).toEqual([undefined, 256])
  })
})
