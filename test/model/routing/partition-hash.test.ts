import { describe, expect, it } from 'vitest'
import { partitionHash } from '../../../src/model/routing/partition-hash.ts'

describe('the hash of a partition key', () => {
  it('is that of the stream clients', () => {
    // From the tests of rabbitmq-stream-js-client (test/unit/murmur32.test.ts).
    expect(['rabbit', 'coders51', 'd4c39ae6-2fc3-41a2-8771-161251e57d1a'].map(partitionHash)).toEqual([
      3_591_948_756, 1_856_831_182, 1_772_425_613,
    ])
  })

  it('is an unsigned number for every length of key, and takes the bytes of UTF-8', () => {
    const keys = ['', 'a', 'ab', 'abc', 'abcd', 'abcde', 'é', '🐇']

    for (const key of keys) expect(partitionHash(key)).toBeGreaterThanOrEqual(0)
    expect(new Set(keys.map(partitionHash)).size).toBe(keys.length)
  })
})
