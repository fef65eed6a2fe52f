import { expect, it } from 'vitest'
import { testDelivery } from 'warren/testing'
import type { HandlerDelivery } from 'warren/runtime'

function greet(name: string, { attempt, headers }: HandlerDelivery): string {
  return `${String(headers['greeting'])}, ${name}, for the ${attempt === 1 ? 'first' : 'last'} time`
}

it('greets for the last time at the second attempt', () => {
  const delivery = testDelivery({ body: 'Ann', attempt: 2, headers: { greeting: 'Hello' } })

  expect(greet(delivery.body, delivery)).toBe('Hello, Ann, for the last time')
})
