import { describe, expect, it } from 'vitest'
import { pauseBetweenLooks } from '../../../src/operate/doctor/limits.ts'

describe('pauseBetweenLooks', () => {
  it('gives a sample six looks, and a longer one a look every ten seconds', () => {
    expect([1_000, 30_000, 300_000].map(pauseBetweenLooks)).toEqual([1_000, 6_000, 10_000])
  })

  it('gives a sample of a day no more than 60 looks, because all of them are kept', () => {
    const day = 86_400_000

    expect(day / pauseBetweenLooks(day) + 1).toBeCloseTo(60)
  })
})
