import { describe, expect, it } from 'vitest'
import { holdingQueueName, isLockName, lockName, queueOfFailedExchange } from '../../src/model/generated-names.ts'

describe('a generated name', () => {
  it.each([
    ['of a holding queue', holdingQueueName, '.moving'],
    ['of a lock', lockName, ''],
  ] as const)('%s has at most 255 bytes, and differs where the names that it is made of do', (_, nameOf, suffix) => {
    const names = ['a', 'a'.repeat(248), 'a'.repeat(249), 'a'.repeat(255), 'é'.repeat(127), `${'é'.repeat(126)}aa`]
    const generated = names.map((name) => nameOf(name))

    expect(new Set(generated).size).toBe(names.length)
    expect(generated.filter((name) => Buffer.byteLength(name) > 255 || !name.endsWith(suffix))).toEqual([])
    // Half of a surrogate pair would become a replacement character on the wire.
    const astral = nameOf('😀'.repeat(63))
    expect(Buffer.from(astral).toString()).toBe(astral)
  })

  it('of a lock is known as that, and of an exchange for what failed leads back to its queue', () => {
    expect([lockName('shop'), lockName('s'.repeat(255)), 'warren.locks'].map(isLockName)).toEqual([true, true, false])
    expect(queueOfFailedExchange('work.failed')).toBe('work')
    expect(queueOfFailedExchange('work')).toBeUndefined()
  })
})
