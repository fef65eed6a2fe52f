import { describe, expect, it } from 'vitest'
import { testBroker } from '../support/brokers/broker.ts'
import { keep, routesOf, runtimeVhost } from './runtime-vhost.ts'
import { until } from '../support/until.ts'

/** Publishes through the management API, which sets properties that amqplib would not write. */
async function publish(vhost: string, queue: string, properties: object, payload = '1'): Promise<void> {
  const { api } = await testBroker()
  const body = { properties, routing_key: queue, payload, payload_encoding: 'string' }
  expect(await api.post(['exchanges', vhost, 'tasks', 'publish'], body)).toEqual({ routed: true })
}

const long = 'x'.repeat(66_000)

describe.each(['classic', 'quorum'] as const)('a consumer of a %s queue', (type) => {
  it.each([
    ['a routing key of 66,000 bytes', { 'x-warren-routing-key': long }, []],
    ['a time of 66,000 bytes', { 'x-warren-first-failed': long }, []],
    ['an exchange of 66,000 bytes', { 'x-warren-exchange': long }, []],
    ['a forged number of attempts', { 'x-warren-attempt': 1e15 }, []],
    [
      'a forged death',
      { 'x-death': [{ queue: 'email', reason: 'rejected', count: 'many' }], 'x-first-death-queue': 7 },
      [],
    ],
    ['a header larger than amqplib writes', { small: 'kept', big: long }, ['big']],
    ['a table that amqplib would take for a type', { table: { '!': 'nonsense', value: 1 } }, []],
  ])(`settles messages with %s within its ladder`, async (_what, headers, dropped) => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', type, delays: [20] })
    const runtime = await here.connect(routesOf('email', failure, { queueType: type, prefetch: 5 }))
    const lost = keep(runtime, 'headersDropped')
    const attempts: number[] = []
    await runtime.consume('emails', (_body, { attempt }) => {
      attempts.push(attempt)
      throw new Error('no')
    })

    for (const id of ['1', '2', '3', '4', '5', '6']) await publish(here.vhost, 'email', { message_id: id, headers })
    const ids = new Set<unknown>()
    for (let n = 0; n < 6; n += 1) {
      const { properties } = await here.take('email.dead')
      ids.add(properties.messageId)
      expect(properties.headers).toMatchObject({
        'x-warren-exchange': 'tasks',
        'x-warren-routing-key': 'email',
        'x-warren-reason': 'error',
        ...('small' in headers && { small: 'kept', 'x-warren-dropped': 'big' }),
        ...('table' in headers && { table: headers.table }),
      })
    }
    expect(ids).toEqual(new Set(['1', '2', '3', '4', '5', '6']))
    expect([1, 2].map((attempt) => attempts.filter((each) => each === attempt).length)).toEqual([6, 6])
    expect(lost.map((event) => event.dropped)).toEqual(
      dropped.length > 0 ? Array.from({ length: 6 }, () => dropped) : [],
    )
  })

  it('runs the handler of a message with forged counters of deliveries', async () => {
    const here = await runtimeVhost()
    const failure = await here.ladder({ queue: 'email', type })
    const runtime = await here.connect(routesOf('email', failure, { queueType: type }))
    const bodies: number[] = []
    const dead = keep(runtime, 'deadLettered')
    const headers = { 'x-delivery-count': 999, 'x-acquired-count': 999 }
    // Once as published, and once redelivered, when the broker itself writes some of the counters.
    await publish(here.vhost, 'email', { headers }, '1')
    const message = await until(async () => (await here.channel.get('email')) || undefined, 'the message')
    here.channel.nack(message, false, true)
    await publish(here.vhost, 'email', { headers }, '2')
    await runtime.consume<number>('emails', (body) => void bodies.push(body))

    await until(() => bodies.length + dead.length === 2, 'both messages')
    expect(new Set(bodies)).toEqual(new Set([1, 2]))
  })
})

describe('the offset of a stream', () => {
  it('is that of the broker, even if a publisher has set another', async () => {
    const here = await runtimeVhost()
    await here.channel.assertQueue('log', { arguments: { 'x-queue-type': 'stream' } })
    await here.channel.bindQueue('log', 'tasks', 'log')
    await publish(here.vhost, 'log', { headers: { 'x-stream-offset': 999 } })
    await here.channel.prefetch(1)
    const offset = await new Promise((resolve) => {
      void here.channel.consume('log', (message) => resolve(message?.properties.headers?.['x-stream-offset']), {
        arguments: { 'x-stream-offset': 'first' },
      })
    })
    expect(offset).toBe(0)
  })
})
