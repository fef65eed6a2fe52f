import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generateTypes } from '../../../src/operations/files/generate-types.ts'
import { compilePrograms } from './compile-programs.ts'

const GUIDE = join(import.meta.dirname, '../../guides/typed')

const HEAD = `import { closeOnSignal, connect } from 'warren/runtime'
import { enqueue, openOutbox, relayOutbox } from 'warren/outbox'
import { countInPrometheus } from 'warren/prometheus'
import { decoratorsFor, WarrenPublisher } from 'warren/nestjs'
import { warrenFastify } from 'warren/fastify'
import { createTestRuntime } from 'warren/testing'
import type { Routes } from './topology.d.ts'
const runtime = await connect<Routes>({ topology: 'topology.json' })
const inMemory = await createTestRuntime<Routes>('topology.json')
const outbox = await openOutbox<Routes>({ topology: 'topology.json' })
declare const pool: import('pg').Pool
const { Subscribe, SubscribeBatch } = decoratorsFor<Routes>()
const publisher = new WarrenPublisher<Routes>(runtime)
interface Versioned {
  publications: {}
  subscriptions: {
    orders: {
      body: { id: string }
      upcast: { 1: (body: { no: number }) => { no: string }; 2: (body: { no: string }) => { id: string } }
    }
  }
}
declare const versioned: import('warren/runtime').Runtime<Versioned>
interface Asking {
  publications: { told: { body: string; parameters: never; delays: '10m' | '1h' } }
  subscriptions: { quotes: { body: unknown } }
  requests: {
    quote: { body: { sku: string }; parameters: never; reply: { price: number } }
    abroad: { body: { sku: string }; parameters: 'region'; reply: unknown }
  }
}
declare const asking: import('warren/runtime').Runtime<Asking>
const upcast = { 1: ({ no }: { no: number }) => ({ no: String(no) }), 2: ({ no }: { no: string }) => ({ id: no }) }
const order = { id: '7', lines: [{ sku: 'a' }] }
const parameters = { region: 'eu', event: 'paid' }
`

/** The calls of a program to the runtime, and the errors of the compiler. */
const WRONG: Readonly<Record<string, readonly [line: string, error: RegExp]>> = {
  'a subscription that is not there, in a decorator': [
    `export class Emails { @Subscribe('email') send(): void {} }`,
    /"email"' is not assignable to parameter of type '"emails"'/,
  ],
  'a method for another body, under a decorator': [
    `export class Emails { @Subscribe('emails') send(body: { sku: string }): string { return body.sku } }`,
    /'sku' is missing/,
  ],
  'a method for a single message, under the decorator of batches': [
    `export class Emails { @SubscribeBatch('emails', { size: 10 }) send({ id }: { id: string }): string { return id } }`,
    /'id' is missing/,
  ],
  'a body that lacks something, in the publisher of Nest': [
    `await publisher.publish('order-event', { id: '7' }, { parameters })`,
    /'lines' is missing/,
  ],
  'a publication that is not there': [
    `await runtime.publish('order-events', order, { parameters })`,
    /"order-events"' is not assignable/,
  ],
  'a publication that is not there, with too few arguments': [
    `await runtime.publish('order-events', order)`,
    /"order-events"' is not assignable to parameter of type '"order-event"'/,
  ],
  'a publication that is not there, in an outbox': [
    `await enqueue<Routes>(pool, 'order-events', order, { parameters })`,
    /"order-events"' is not assignable/,
  ],
  'a publication that is not there, in an outbox with too few arguments': [
    `await outbox.enqueue(pool, 'order-events', order)`,
    /"order-events"' is not assignable to parameter of type '"order-event"'/,
  ],
  'a body that lacks something, in an outbox': [
    `await enqueue<Routes>(pool, 'order-event', { id: '7' }, { parameters })`,
    /'lines' is missing/,
  ],
  'a body that lacks something, in an outbox that checks': [
    `await outbox.enqueue(pool, 'order-event', { id: '7' }, { parameters })`,
    /'lines' is missing/,
  ],
  'no parameters, in an outbox': [
    `await enqueue<Routes>(pool, 'order-event', order)`,
    /Expected 4 arguments, but got 3/,
  ],
  'a route that is not there': [
    `await connect<Routes>({ topology: 'topology.json', routes: ['emials'] })`,
    /"emials"' is not assignable to type .* Did you mean '"emails"'/,
  ],
  'a validator of a route that is not there': [
    `await connect<Routes>({ topology: 'topology.json', schemas: { emials: {} as never } })`,
    /'emials' does not exist/,
  ],
  'a body that lacks something': [
    `await runtime.publish('order-event', { id: '7' }, { parameters })`,
    /'lines' is missing/,
  ],
  'a body with a wrong value': [
    `await runtime.publish('order-event', { ...order, id: 7 }, { parameters })`,
    /'number' is not assignable to type 'string'/,
  ],
  'a body with a misspelled property': [
    `await runtime.publish('order-event', { id: '7', lines: [{ sku: 'a', cuont: 1 }] }, { parameters })`,
    /'cuont' does not exist/,
  ],
  'no parameters': [`await runtime.publish('order-event', order)`, /Expected 3 arguments, but got 2/],
  'a parameter too few': [
    `await runtime.publish('order-event', order, { parameters: { region: 'eu' } })`,
    /'event' is missing/,
  ],
  'a misspelled parameter': [
    `await runtime.publish('order-event', order, { parameters: { ...parameters, evnet: 'paid' } })`,
    /'evnet' does not exist/,
  ],
  'a misspelled option': [
    `await runtime.publish('order-event', order, { parameters, messageID: 'm' })`,
    /'messageID' does not exist/,
  ],
  'a subscription that is not there': [
    `await runtime.consume('email', () => undefined)`,
    /"email"' is not assignable to parameter of type '"emails"'/,
  ],
  'no upcasters for older versions': [
    `await versioned.consume('orders', (body: { id: string }) => body.id)`,
    /'"orders"' is not assignable/,
  ],
  'no upcasters among the options': [
    `await versioned.consume('orders', (body: { id: string }) => body.id, { prefetch: 1 })`,
    /'upcast' is missing/,
  ],
  'an upcaster of another body': [
    `await versioned.consume('orders', ({ id }) => id, { upcast: { 1: upcast[1], 2: ({ sku }) => ({ id: sku }) } })`,
    /'sku' does not exist/,
  ],
  'an upcaster with another result': [
    `await versioned.consume('orders', (body: { id: string }) => body.id, { upcast: { 1: upcast[1], 2: () => ({ sku: '' }) } })`,
    /'id' is missing|'sku' does not exist/,
  ],
  'a body of another version': [
    `await (await createTestRuntime<Versioned>('topology.json')).deliver('orders', { body: { no: '7' }, version: 1 })`,
    /'string' is not assignable to type 'number'|is not assignable/,
  ],
  'an upcaster too few, for batches': [
    `await versioned.consumeBatch('orders', { size: 10, upcast: { 1: upcast[1] } }, (batch) => batch.length)`,
    /'2' is missing/,
  ],
  'an upcaster too few, in a decorator': [
    `export class Orders { @(decoratorsFor<Versioned>().Subscribe('orders', { upcast: { 2: upcast[2] } })) send(): void {} }`,
    /'1' is missing/,
  ],
  'a request that is not there': [`await asking.request('quotes', { sku: 'a' })`, /"quotes"' is not assignable/],
  'a publication in place of a request': [`await asking.request('told', 'x')`, /"told"' is not assignable/],
  'a request in place of a publication': [`await asking.publish('quote', { sku: 'a' })`, /"quote"' is not assignable/],
  'any request of routes without requests': [
    `await runtime.request('quote', 1)`,
    /not assignable to parameter of type 'never'/,
  ],
  'a request that lacks something': [
    `await asking.request('quote', {})`,
    /'{}' is not assignable to parameter of type .*{ sku: string; }/,
  ],
  'a request without its parameter': [
    `await asking.request('abroad', { sku: 'a' })`,
    /Expected 3 arguments, but got 2/,
  ],
  'an option of publish() that requests lack': [
    `await asking.request('quote', { sku: 'a' }, { correlationId: '1' })`,
    /'correlationId' does not exist/,
  ],
  'a delay that is not declared': [
    `await asking.publish('told', 'x', { delay: '7m' })`,
    /'"7m"' is not assignable to type '"10m" \| "1h"/,
  ],
  'a delay of a publication without delays': [
    `await runtime.publish('order-event', order, { parameters, delay: '10m' })`,
    /'delay' does not exist/,
  ],
  'a delay that is not declared, in the outbox': [
    `await enqueue<Asking>(pool, 'told', 'x', { delay: '7m' })`,
    /'"7m"' is not assignable/,
  ],
  'a property of the reply that is not there': [
    `export const { currency } = await asking.request('quote', { sku: 'a' })`,
    /Property 'currency' does not exist/,
  ],
  'an answer that lacks something': [
    `await asking.respond('quote', ({ sku }) => ({ currency: sku }))`,
    /currency: string; }' is not assignable to type .*price: number/,
  ],
  'a reply that lacks something, under the decorator of requests': [
    `export class Prices { @(decoratorsFor<Asking>().Respond('quote')) answer(): { currency: string } { return { currency: '' } } }`,
    /'{ currency: string; }' is not assignable/,
  ],
  'a request that is not there, in a decorator': [
    `export class Prices { @(decoratorsFor<Asking>().Respond('quotes')) answer(): unknown { return 1 } }`,
    /"quotes"' is not assignable/,
  ],
  'a responder of a request that is not there': [`await asking.respond('told', () => 1)`, /"told"' is not assignable/],
  'a handler of another body': [
    `await runtime.consume('emails', (body: { sku: string }) => body.sku)`,
    /'sku' is missing in type 'Body'/,
  ],
  'a publication that is not there, in a test runtime': [
    `await inMemory.publish('order-events', order, { parameters })`,
    /"order-events"' is not assignable/,
  ],
  'a publication that is not there, among the recorded': [
    `inMemory.published('order-events')`,
    /"order-events"' is not assignable/,
  ],
  'a recorded body that lacks a property': [
    `inMemory.published('order-event').map(({ body }) => body.identifier)`,
    /Property 'identifier' does not exist/,
  ],
  'a subscription that is not there, in a delivery': [
    `await inMemory.deliver('email', { body: order })`,
    /"email"' is not assignable to parameter of type '"emails"'/,
  ],
  'a delivered body that lacks something': [
    `await inMemory.deliver('emails', { body: { id: '7' } })`,
    /'lines' is missing|not assignable to type 'Body/,
  ],
  'a validator of a route that is not there, in a test runtime': [
    `await createTestRuntime<Routes>('topology.json', { schemas: { emials: {} as never } })`,
    /'emials' does not exist/,
  ],
  'a property of the body that is not there': [
    `await runtime.consume('emails', (body) => body.identifier)`,
    /Property 'identifier' does not exist/,
  ],
}

describe('the types of `warren types`', () => {
  it('are what the guide shows', async () => {
    const { text, gaps } = await generateTypes({ paths: [join(GUIDE, 'topology.yaml')] })
    expect(text).toBe(await readFile(join(GUIDE, 'topology.d.ts'), 'utf8'))
    expect(gaps).toEqual([])

    const versions = join(GUIDE, '../message-versions')
    const { text: versioned } = await generateTypes({ paths: [join(versions, 'topology.yaml')] })
    expect(versioned).toBe(await readFile(join(versions, 'topology.d.ts'), 'utf8'))

    const requests = join(GUIDE, '../requests')
    const { text: asking } = await generateTypes({ paths: [join(requests, 'topology.yaml')] })
    expect(asking).toBe(await readFile(join(requests, 'topology.d.ts'), 'utf8'))

    const delays = join(GUIDE, '../delayed-publishing')
    const { text: delayed } = await generateTypes({ paths: [join(delays, 'topology.yaml')] })
    expect(delayed).toBe(await readFile(join(delays, 'topology.d.ts'), 'utf8'))
  })

  it('accept correct programs, and reject wrong ones', async () => {
    const wrong = Object.entries(WRONG)
    const errors = await compilePrograms({
      'topology.d.ts': await readFile(join(GUIDE, 'topology.d.ts'), 'utf8'),
      'right.ts': `${HEAD}
await runtime.publish('order-event', order, { parameters, messageId: 'm-1' })
await runtime.publish('order-event', { ...order, lines: [] }, { parameters: { region: 1, event: 'x' } })
await runtime.consume('emails', ({ id, lines }, { attempt }) => [id.length, lines.map(({ count }) => count ?? attempt)])
await runtime.consume('emails', async (body: { id: string }) => body.id, { prefetch: 1 })
export class Emails {
  @Subscribe('emails', { prefetch: 1 })
  async send({ id, lines }: { id: string; lines: unknown[] }): Promise<unknown> {
    return [id, lines]
  }
  @SubscribeBatch('emails', { size: 10 })
  sendAll(batch: readonly { body: { id: string } }[]): string[] {
    return batch.map(({ body }) => body.id)
  }
}
await publisher.publish('order-event', order, { parameters })
declare const fastify: import('warren/fastify').FastifyHost
await warrenFastify(fastify, { runtime, consume: (given) => given.consume('emails', ({ id }) => id) })
closeOnSignal(runtime)
countInPrometheus(runtime)
await runtime.publish('order-event', Buffer.from('{}'), { parameters })
await asking.publish('told', 'x', { delay: '10m' })
export class Prices {
  @(decoratorsFor<Asking>().Respond('quote', { prefetch: 1 }))
  async answer({ sku }: { sku: string }): Promise<{ price: number }> {
    return { price: sku.length }
  }
}
await enqueue<Asking>(pool, 'told', 'x', { delay: '1h' })
await enqueue<Routes>(pool, 'order-event', order, { parameters, key: '7' })
await enqueue<Routes>(pool, 'order-event', Buffer.from('{}'), { parameters })
await outbox.enqueue(pool, 'order-event', order, { parameters, key: '7' })
await connect<Routes>({ topology: 'topology.json', routes: ['emails', 'order-event'] })
relayOutbox({ pool, runtime })
const untyped: import('warren/runtime').Runtime = runtime
const either: import('warren/runtime').Runtime<Routes> = inMemory
await either.consume('emails', ({ id }) => id)
await inMemory.deliver('emails', { body: order, attempt: 2, headers: { tenant: 'a' } })
await inMemory.deliver('emails', { body: Buffer.from('{') })
const versionedInMemory = await createTestRuntime<Versioned>('topology.json')
await versionedInMemory.deliver('orders', { body: { id: '7' } })
await versionedInMemory.deliver('orders', { body: { no: 7 }, version: 1 })
await versionedInMemory.deliver('orders', { body: { no: '7' }, version: 2, attempt: 2 })
inMemory.published('order-event').map(({ body }) => body.lines)
inMemory.deadLetters('emails').map(({ body }) => body.lines)
await versioned.consume('orders', ({ id }) => id, { upcast })
await versioned.consumeBatch('orders', { size: 10, upcast }, (batch) => batch.map(({ body }) => body.id))
await untyped.publish('anything', 1)
const { price } = await asking.request('quote', { sku: 'a' }, { timeout: 1_000, signal: AbortSignal.timeout(5) })
await asking.request('abroad', { sku: String(price) }, { parameters: { region: 'eu' } })
await asking.respond('quote', async ({ sku }, { attempt }) => ({ price: sku.length + attempt }), { prefetch: 1 })
await asking.respond('quote', () => Buffer.from('{"price":1}'))
await connect<Asking>({ topology: 'topology.json', routes: ['quote', 'quotes'] })
const anything: unknown = await untyped.request('anything', 1)
await untyped.respond('anything', () => anything)
interface More {
  publications: Routes['publications'] & { ping: { body: unknown; parameters: never } }
  subscriptions: Routes['subscriptions'] & { audits: { body: unknown } }
}
const more = await connect<More>({ topology: 'topology.json' })
await more.publish('ping', 1)
await more.publish('order-event', order, { parameters })
await more.consume<{ id: string }>('audits', ({ id }) => id)
await more.consume('audits', (body: { id: string }) => body.id)
await more.consume('audits', (body) => String(body))
declare const oneOf: 'ping' | 'order-event'
await more.publish(oneOf, order, { parameters })
`,
      'untyped.ts': `import { connect } from 'warren/runtime'
import { enqueue, openOutbox } from 'warren/outbox'
const runtime = await connect({ topology: 'topology.json' })
declare const name: string
await runtime.publish(name, 1)
await runtime.publish('anything', { a: 1 }, { parameters: { a: 'b' } })
await runtime.consume<{ id: string }>('emails', ({ id }) => id)
await runtime.consume('emails', (body) => String(body))
declare const pool: import('pg').Pool
await enqueue(pool, name, { a: 1 }, { parameters: { a: 'b' } })
await (await openOutbox({ topology: 'topology.json', schemas: {} })).enqueue(pool, name, 1)
await connect({ topology: 'topology.json', routes: [name] })
`,
      ...Object.fromEntries(
        wrong.map(([, [line]], index) => [
          `wrong-${index}.ts`,
          `${HEAD}${line}\nvoid [runtime, Subscribe, SubscribeBatch, publisher, warrenFastify, closeOnSignal, enqueue, relayOutbox, countInPrometheus, inMemory, createTestRuntime, outbox, pool, order, parameters, versioned, upcast]\n`,
        ]),
      ),
    })
    expect(errors['right.ts']).toEqual([])
    expect(errors['untyped.ts']).toEqual([])
    const said = wrong.map(([what], index) => [what, errors[`wrong-${index}.ts`]?.length])
    expect(said).toEqual(wrong.map(([what]) => [what, 1]))
    for (const [index, [what, [, error]]] of wrong.entries()) {
      expect([what, errors[`wrong-${index}.ts`]?.[0]]).toEqual([what, expect.stringMatching(error)])
    }
  })
})
