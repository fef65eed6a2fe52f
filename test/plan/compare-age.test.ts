import { expect, it } from 'vitest'
import { ageInSeconds } from '../../src/model/values/stream-age.ts'
import { policy, queue, topology } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

it.each([
  ['24h', '86400s', true],
  ['1D', '24h', true],
  ['1Y', '365D', true],
  ['1M', '30D', true],
  ['60m', '61m', false],
  ['24h', 'soon', false],
])('the age %s of a stream equals %s by its meaning: %s', (live, desired, isSame) => {
  const stream = (age: string) =>
    topology({ queues: [queue('s', { type: 'stream', arguments: { 'x-max-age': age } })] })
  const policies = (age: string) => topology({ policies: [policy('p', { definition: { 'max-age': age } })] })

  expect(planOf(stream(live), stream(desired)).changes.length === 0).toBe(isSame)
  expect(planOf(policies(live), policies(desired)).changes.length === 0).toBe(isSame)
})

it('an age has one whole number and one unit that the broker knows', () => {
  expect(['7D', '7d', '-1h', '', 7, undefined].map(ageInSeconds)).toEqual([604_800, ...Array.from({ length: 5 })])
})
