import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createTestRuntime } from 'warren/testing'
import { answerQuotes } from './pricing.ts'
import { priceOf } from './shop.ts'
import type { Routes } from './topology.d.ts'

it('quotes the price of a product, and reports a product without one', async () => {
  const runtime = await createTestRuntime<Routes>(join(import.meta.dirname, 'topology.yaml'))
  await answerQuotes(runtime, new Map([['A-1', 5]]))

  expect(await priceOf(runtime, 'A-1')).toBe('5 EUR')
  await expect(priceOf(runtime, 'A-2')).rejects.toMatchObject({ code: 'REPLY_FAILED' })
})
