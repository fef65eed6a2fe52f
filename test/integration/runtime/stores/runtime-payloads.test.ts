import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { FilePayloadStore } from '../../../../src/runtime/index.ts'
import type { PayloadStore } from '../../../../src/runtime/index.ts'
import { routesOf, runtimeVhost } from '../runtime-vhost.ts'
import { until } from '../../support/until.ts'

async function store(): Promise<FilePayloadStore> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-payloads-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  return new FilePayloadStore(folder)
}

describe('a payload store', () => {
  it('stores large bodies through retries and dead letters, and sends small ones through the broker (pitfall 14)', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', delays: [20] })
    const schema = { type: 'object', required: ['text'] }
    const routes = routesOf('email', failure, { message: { schema } })
    const runtime = await here.connect(routes, { payloads: { store: await store(), above: 100 } })
    const seen: [number, number][] = []
    await runtime.consume<{ text: string }>('emails', ({ text }, { attempt }) => {
      seen.push([text.length, attempt])
      if (text.length === 500) throw new Error('no')
    })

    await runtime.publish('send-email', { text: 'x'.repeat(10) })
    await runtime.publish('send-email', { text: 'x'.repeat(500) }, { messageId: 'm-1' })
    const dead = await here.take('email.dead')

    expect(seen.toSorted(([a, b], [c, d]) => a - c || b - d)).toEqual([
      [10, 1],
      [500, 1],
      [500, 2],
    ])
    expect(dead.content).toHaveLength(0)
    expect(dead.properties.headers).toMatchObject({ 'x-claim-check': expect.any(String), 'x-warren-reason': 'error' })
  })

  it('that has lost a payload, or is missing, causes a failed attempt', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const routes = routesOf('email', failure)
    const lossy: PayloadStore = { put: async () => 'r-1', get: () => Promise.reject(new Error('no such object')) }
    const runtime = await here.connect(routes, { payloads: { store: lossy, above: 0 } })
    const ends: string[] = []
    runtime.on('handled', ({ outcome, error }) => ends.push(`${outcome} ${String(error)}`))
    const consumer = await runtime.consume('emails', () => undefined)
    await runtime.publish('send-email', 1)
    expect((await here.take('email.dead')).properties.headers).toMatchObject({
      'x-warren-reason': 'error',
      'x-warren-error': 'Error: no such object',
      'x-claim-check': 'r-1',
    })
    expect(ends).toEqual(['error Error: no such object'])
    await consumer.stop()

    const without = await here.connect(routes)
    await without.consume('emails', () => undefined)
    await runtime.publish('send-email', 1)
    expect((await here.take('email.dead')).properties.headers?.['x-warren-error']).toBe(
      'Error: its payload is in a payload store, and connect() has no option payloads',
    )
  })

  it('that fails to store a payload prevents the publish', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email' })
    const broken: PayloadStore = { put: () => Promise.reject(new Error('disk full')), get: async () => Buffer.alloc(0) }
    const runtime = await here.connect(routesOf('email', failure), { payloads: { store: broken, above: 0 } })

    await expect(runtime.publish('send-email', 1, { messageId: 'm-1' })).rejects.toMatchObject({
      name: 'PublishError',
      outcome: 'refused',
      maybePublished: false,
      messageId: 'm-1',
      cause: { message: 'disk full' },
    })
    await until(async () => (await here.ready('email')) === 0, 'nothing')
  })
})
