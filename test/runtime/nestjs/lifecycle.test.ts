import { expect, it, onTestFinished } from 'vitest'
import { Respond, SubscribeBatch, Subscribe } from '../../../src/runtime/nestjs/decorators.ts'
import { WarrenHealthIndicator } from '../../../src/runtime/nestjs/health-indicator.ts'
import { WarrenLifecycle } from '../../../src/runtime/nestjs/lifecycle.ts'
import { WarrenPublisher } from '../../../src/runtime/nestjs/warren-publisher.ts'
import { createTestRuntime } from '../../../src/testing/index.ts'
import { publication, subscription } from '../routes.ts'
import { decorate } from './decorate.ts'

const TOPOLOGY = {
  routes: {
    publications: [
      publication(),
      publication({ name: 'price', routingKey: 'price', reply: { timeout: 1_000, subscription: 'prices' } }),
    ],
    subscriptions: [
      subscription(),
      subscription({ name: 'logs', queue: 'log' }),
      subscription({ name: 'prices', queue: 'price' }),
    ],
  },
}

async function application() {
  const runtime = await createTestRuntime(TOPOLOGY)
  onTestFinished(async () => void (await runtime.close()))
  const handled: unknown[] = []
  class Worker {
    async send(body: unknown): Promise<void> {
      handled.push(body)
      await new WarrenPublisher(runtime).publish('send-email', body)
    }
    store(batch: readonly unknown[]): void {
      handled.push(batch.length)
    }
    answer(sku: unknown): unknown {
      return { sku, price: 12 }
    }
  }
  decorate(Worker, 'send', Subscribe('emails'))
  decorate(Worker, 'store', SubscribeBatch('logs', { size: 1 }))
  decorate(Worker, 'answer', Respond('price'))
  const worker = {
    name: 'Worker',
    instance: new Worker(),
    metatype: Worker,
    isDependencyTreeStatic: () => true,
    isTransient: false,
  }
  const modules = new Map([['app', { providers: new Map(), controllers: new Map([[Worker, worker]]) }]])
  return { runtime, handled, lifecycle: new WarrenLifecycle(runtime, modules, 1_000) }
}

it('consumes when the application has started, single messages and batches', async () => {
  const { runtime, handled, lifecycle } = await application()
  await expect(runtime.deliver('emails', { body: 'early' })).rejects.toMatchObject({ code: 'NOT_CONSUMED' })

  await lifecycle.onApplicationBootstrap()
  await runtime.deliver('emails', { body: 'hello' })
  await runtime.deliver('logs', { body: 'line' })

  expect(handled).toEqual(['hello', 1])
  expect(runtime.published('send-email').map(({ body }) => body)).toEqual(['hello'])
})

it('answers requests, which a publisher may send', async () => {
  const { runtime, lifecycle } = await application()

  await lifecycle.onApplicationBootstrap()

  await expect(new WarrenPublisher(runtime).request('price', 'a-1')).resolves.toEqual({ sku: 'a-1', price: 12 })
})

it('stops consuming before the HTTP server closes, and closes the runtime after it', async () => {
  const { runtime, lifecycle } = await application()
  const health = new WarrenHealthIndicator(runtime)
  await lifecycle.onApplicationBootstrap()
  expect([health.isReady('mq'), health.isAlive('mq')]).toEqual([{ mq: { status: 'up' } }, { mq: { status: 'up' } }])

  await lifecycle.beforeApplicationShutdown()
  await expect(runtime.deliver('emails', { body: 'late' })).rejects.toMatchObject({ code: 'NOT_CONSUMED' })
  await runtime.publish('send-email', 'from a request')
  expect(health.isReady('mq')).toEqual({ mq: { status: 'up' } })

  await lifecycle.onApplicationShutdown()
  await expect(runtime.publish('send-email', 'too late')).rejects.toThrow('the runtime is closed')
  expect(health.isReady('mq')).toEqual({ mq: { status: 'down', message: expect.stringContaining('not connected') } })
  expect(health.isAlive('mq')).toEqual({ mq: { status: 'down', message: expect.stringContaining('closed') } })
})
