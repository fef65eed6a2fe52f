import { describe, expect, it, vi } from 'vitest'
import type { Publication, Subscription } from '../../../src/model/routes.ts'
import type { RequestError } from '../../../src/runtime/index.ts'
import { createTestRuntime } from '../../../src/testing/handlers/create-test-runtime.ts'
import { answerQuotes } from '../../guides/requests/pricing.ts'
import { priceOf } from '../../guides/requests/shop.ts'
import type { Routes } from '../../guides/requests/topology.d.ts'
import { guideBlocks } from '../../guide-blocks.ts'
import { publication, subscription } from '../../runtime/routes.ts'

// The test that the guide shows.
await import('../../guides/requests/pricing-test.ts')

const PRICE = { type: 'object', required: ['price'], properties: { price: { type: 'number' } } }

function routes({ request = {}, consumed = {} }: { request?: Partial<Publication>; consumed?: Partial<Subscription> }) {
  const reply = { timeout: 5_000, subscription: 'quotes', message: { schema: PRICE } }
  const quote = publication({ name: 'quote', message: { schema: { type: 'string' } }, reply, ...request })
  return {
    routes: { publications: [quote], subscriptions: [subscription({ name: 'quotes', queue: 'quotes', ...consumed })] },
  }
}

describe('the guide of requests', () => {
  it('shows the programs that are tested here', async () => {
    const blocks = await guideBlocks('requests.md')

    expect(blocks).toHaveLength(6)
    for (const { text, inFile } of blocks) expect(text).toBe(inFile)
  })

  it('has a shop that may cancel its requests, and a pricing that counts', async () => {
    const runtime = await createTestRuntime<Routes>('test/guides/requests/topology.yaml')
    await answerQuotes(runtime, new Map([['A-1', 5]]))
    const cancelled = AbortSignal.abort(new Error('the page was closed'))

    expect(await runtime.request('price-quote', { sku: 'A-1', count: 3 })).toEqual({ price: 15, currency: 'EUR' })
    await expect(priceOf(runtime, 'A-1', cancelled)).rejects.toMatchObject({ code: 'REPLY_CANCELLED' })
  })
})

describe('a request in a test runtime', () => {
  it('is recorded, and its reply is what the handler returns', async () => {
    const runtime = await createTestRuntime(routes({}))
    const seen: unknown[] = []
    await runtime.respond('quote', (body, { headers, correlationId, replyTo }) => {
      seen.push([body, headers['region'], typeof correlationId, replyTo])
      return { price: 1 }
    })

    expect(await runtime.request('quote', 'A-1', { headers: { region: 'eu' } })).toEqual({ price: 1 })
    expect(seen).toEqual([['A-1', 'eu', 'string', 'amq.rabbitmq.reply-to.test']])
    expect(runtime.published()).toMatchObject([{ publication: 'quote', body: 'A-1', expiration: 5_000 }])
  })

  it('rejects an invalid body, an unknown request, an unknown option and a missing responder', async () => {
    const runtime = await createTestRuntime(routes({}))
    const code = (settled: Promise<unknown>) => settled.catch((error: { code: string }) => error.code)

    expect(await code(runtime.request('quote', 5))).toBe('PUBLISH_INVALID')
    expect(await code(runtime.request('qoute', 'A-1'))).toBe('UNKNOWN_NAME')
    expect(await code(runtime.request('quote', 'A-1', { timeout: 0 }))).toBe('PUBLISH_INVALID')
    expect(await code(runtime.request('quote', 'A-1', { replyTo: 'x' } as object))).toBe('PUBLISH_INVALID')
    expect(await code(runtime.request('quote', 'A-1'))).toBe('NOT_CONSUMED')
    expect(await code(runtime.publish('quote', 'A-1'))).toBe('PUBLISH_INVALID')
    expect(await code(runtime.respond('quote', undefined as never))).toBe('INVALID_OPTION')
  })

  it('cannot be answered if it names no subscription; the error says where it is declared', async () => {
    const origin = { file: 'topology.yaml', line: 7, column: 3 }
    const runtime = await createTestRuntime(routes({ request: { reply: { timeout: 5_000 }, origin } }))

    await expect(runtime.respond('quote', () => ({ price: 1 }))).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      message: expect.stringContaining('the request "quote" (topology.yaml:7:3) names no subscription') as string,
    })
  })

  it('times out by the clock of the runtime, and a late reply is dropped', async () => {
    const runtime = await createTestRuntime(routes({}))
    let answer: (price: { price: number }) => void = () => undefined
    await runtime.respond('quote', () => new Promise((resolve) => (answer = resolve)))

    const failed = runtime.request('quote', 'A-1').catch((error: RequestError) => error.code)
    await runtime.advance(5_000)
    answer({ price: 1 })

    expect(await failed).toBe('REPLY_TIMEOUT')
  })

  it('fails with the reason if the handler throws or returns an invalid reply, and the body does not reach a handler otherwise', async () => {
    const runtime = await createTestRuntime(
      routes({ request: { message: {} }, consumed: { message: { schema: { type: 'number' } } } }),
    )
    const failed = vi.fn<(reason: string) => void>()
    runtime.on('requestFailed', ({ reason }) => failed(reason))
    await runtime.respond('quote', (body) => {
      if (body === 1) throw new Error('no price')
      return { price: 'high' }
    })
    const reason = (body: unknown) => runtime.request('quote', body).catch((error: RequestError) => error.message)

    expect(await reason(1)).toBe('request "quote": the responder failed: Error: no price')
    expect(await reason(2)).toContain('reply to request "quote": the message does not match its schema: /price')
    expect(await reason('A-1')).toContain('the message does not match its schema')
    expect(failed.mock.calls).toEqual([['error'], ['error'], ['invalid']])
  })

  it('waits for the attempts of a ladder', async () => {
    const failure = {
      kind: 'ladder',
      exchange: 'quotes.failed',
      delays: [{ delay: 1_000, routingKey: '1s', queue: 'quotes.retry.1s' }],
      last: { exchange: 'quotes.failed', routingKey: 'dead' },
    } as const
    const runtime = await createTestRuntime(routes({ consumed: { failure } }))
    await runtime.respond('quote', (body, { attempt }) => {
      if (body === 'bad' || attempt === 1) throw new Error('busy')
      return { price: attempt }
    })

    const second = runtime.request('quote', 'good')
    const never = runtime.request('quote', 'bad').catch((error: RequestError) => error.code)
    await runtime.advance(1_000)

    expect(await second).toEqual({ price: 2 })
    expect(await never).toBe('REPLY_FAILED')
    expect(runtime.deadLetters('quotes')).toHaveLength(1)
  })

  it('rejects when the runtime is closed', async () => {
    const runtime = await createTestRuntime(routes({}))
    await runtime.respond('quote', () => new Promise(() => undefined))

    const waiting = runtime.request('quote', 'A-1').catch((error: RequestError) => error.code)
    await runtime.close()

    expect(await waiting).toBe('REPLY_LOST')
    await expect(runtime.request('quote', 'A-1')).rejects.toMatchObject({ code: 'CLOSED' })
  })
})
