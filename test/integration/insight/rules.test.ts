import { type Channel, type ChannelModel, type ConfirmChannel, connect, type GetMessage, type Options } from 'amqplib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findBreaking } from '../../../src/insight/breaking/find-breaking.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import type { Exchange, Queue } from '../../../src/model/topology.ts'
import { lint } from '../../../src/operations/insight/lint.ts'
import { exchange, queue, topology } from '../../builders/objects.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { deadLettersTo, LINT_SITUATIONS } from '../support/cases/lint-situations.ts'
import { until } from '../support/until.ts'

let connection: ChannelModel
let publisher: ConfirmChannel
let channel: Channel
let vhost: string
let version: string
const returned: string[] = []

beforeAll(async () => {
  const broker = await testBroker()
  version = broker.version
  vhost = await freshVhost(afterAll)
  await broker.api.post(['definitions', vhost], LINT_SITUATIONS)
  connection = await connect(await amqpUrl(vhost))
  publisher = await connection.createConfirmChannel()
  publisher.on('return', ({ fields }) => returned.push(`${fields.exchange}/${fields.routingKey}`))
  channel = await connection.createChannel()
})

afterAll(() => connection.close())

function publish(exchangeName: string, routingKey: string, options: Options.Publish = {}): Promise<void> {
  return new Promise((resolve, reject) => {
    publisher.publish(
      exchangeName,
      routingKey,
      Buffer.from(routingKey),
      { mandatory: true, ...options },
      (error: unknown) => (error instanceof Error ? reject(error) : resolve()),
    )
  })
}

async function count(name: string): Promise<number> {
  return (await channel.checkQueue(name)).messageCount
}

async function get(name: string): Promise<GetMessage | false> {
  return channel.get(name, { noAck: false })
}

/** Waits until ten looks in a row find nothing: a message on its way between two queues is in neither. */
async function remainEmpty(...names: readonly string[]): Promise<true> {
  let looks = 0
  return until(
    async () => {
      const counts = await Promise.all(names.map(count))
      looks = counts.every((each) => each === 0) ? looks + 1 : 0
      return looks === 10 ? true : undefined
    },
    `nothing in ${names.join(' and ')}`,
  )
}

/** Waits for a message, and rejects it. */
async function reject(name: string): Promise<void> {
  channel.nack(await until(() => get(name), `a message in ${name}`), false, false)
}

/** Empties the queue that receives all messages, and returns how many it contained. */
async function seen(): Promise<number> {
  return (await channel.purgeQueue('seen')).messageCount
}

describe('the behavior of the broker that lint rules describe', () => {
  it('has situations that the rules find', async () => {
    const { managementUrl, username, password } = await testBroker()
    const login = { url: managementUrl, user: username, password }
    const { findings } = await lint({ connection: login, onlyVhosts: [vhost] })
    const inVhost = encodeURIComponent(vhost)
    const found = findings.flatMap(({ rule, address = '' }) =>
      address.includes(inVhost) ? [`${rule} ${address}`] : [],
    )

    expect(found.map((each) => each.replace(inVhost, 'V'))).toEqual(
      expect.arrayContaining([
        'alternate-exchange-leads-nowhere exchange:V/alternate',
        'alternate-exchange-leads-nowhere exchange:V/missing',
        'at-least-once-without-reject-publish queue:V/at-once',
        'binding-never-matches binding:V/direct/queue/seen/orders.%2A',
        'binding-never-matches binding:V/headers/queue/seen//%7B%22x-match%22:%22any%22%7D',
        'binding-redundant binding:V/topic/queue/seen/a.%2A',
        'dead-letter-cycle queue:V/cycle-a',
        'dead-letter-cycle-by-version queue:V/entrance',
        'dead-letter-loop queue:V/looping',
        'dead-letters-lead-nowhere queue:V/rejecting',
        'delay-queue-may-expire queue:V/expiring',
        'headers-binding-compares-nested-numbers binding:V/nested/queue/seen//%7B%22sizes%22:%5B1,2%5D,%22x-match%22:%22all%22%7D',
        'policy-takes-keys-away policy:V/limit',
        ...(isAtLeast(version, '4.0.0') ? ['quorum-queue-drops-returned queue:V/returning'] : []),
      ]),
    )
  })

  it('alternate-exchange-leads-nowhere: returns what an exchange cannot route, as if it had no alternate exchange', async () => {
    await publish('alternate', 'a')
    await publish('missing', 'b')

    expect(returned.splice(0)).toEqual(['alternate/a', 'missing/b'])
  })

  it('binding-never-matches: reads a wildcard of a direct exchange literally, and matches nothing without a header to compare', async () => {
    await publish('direct', 'orders.new')
    await publish('headers', '', { headers: { a: 1 } })
    expect(returned.splice(0)).toEqual(['direct/orders.new', 'headers/'])

    await publish('direct', 'orders.*')
    expect(await seen()).toBe(1)
  })

  it('headers-binding-compares-nested-numbers: matches numbers in a list only with the same width', async () => {
    await publish('nested', '', { headers: { sizes: [1, 2] } })
    expect(returned.splice(0)).toEqual(['nested/'])

    const wide = (value: number) => ({ '!': 'int64', value })
    await publish('nested', '', { headers: { sizes: [wide(1), wide(2)] } })
    expect(await seen()).toBe(1)
  })

  it('binding-redundant: gives a queue one copy of a message that two bindings match', async () => {
    await publish('topic', 'a.b')

    expect(await seen()).toBe(1)
  })

  it('publication-reaches-no-queue: returns a mandatory message, and drops another one', async () => {
    await publish('topic', 'nothing')
    await publish('topic', 'nothing', { mandatory: false })

    expect([returned.splice(0), await seen()]).toEqual([['topic/nothing'], 0])
  })

  it('hash-header-missing: sends all messages without the header to one queue', async () => {
    for (let at = 0; at < 20; at += 1) await publish('hash', String(at))

    expect([await count('hash-1'), await count('hash-2')].toSorted((a, b) => a - b)).toEqual([0, 20])
  })

  it('dead-letter-loop: delivers a rejected message again at once, as often as it is rejected', async () => {
    await publish('', 'looping')
    for (let round = 0; round < 5; round += 1) await reject('looping')

    const last = await until(() => get('looping'), 'the message after five rejections')
    expect(last.properties.headers?.['x-death']).toMatchObject([{ queue: 'looping', reason: 'rejected', count: 5 }])
    channel.ack(last)
  })

  it('dead-letters-lead-nowhere and at-least-once-without-reject-publish: drop rejected messages', async () => {
    for (const name of ['rejecting', 'at-once']) {
      await publish('', name)
      await reject(name)
      await until(async () => (await get(name)) === false, `an empty ${name}`)
    }
    // A held dead letter would still be counted.
    expect([await count('rejecting'), await count('at-once')]).toEqual([0, 0])
  })

  it('classic-delay-loses: drops a message that its queue refuses after the delay, while a quorum queue keeps it', async () => {
    for (const name of ['occupied', 'quorum-delay', 'classic-delay']) await publish('', name)

    expect(await remainEmpty('classic-delay')).toBe(true)
    const first = await channel.get('occupied', { noAck: true })
    expect(first && first.content.toString()).toBe('occupied')
    expect(await count('occupied')).toBe(0)
    const { api } = await testBroker()
    const held = async () => (await api.get<{ messages_dlx?: number }>(['queues', vhost, 'quorum-delay']))?.messages_dlx
    await until(async () => (await held()) === 1, 'a held dead letter')
  })

  it('policy-takes-keys-away: applies the policy of higher priority alone', async () => {
    await publish('', 'shadowed')
    await reject('shadowed')
    await publish('', 'shadowed')
    await reject('shadowed')

    expect([await count('shadowed'), await seen()]).toEqual([0, 0])
  })

  it('dead-letter-cycle: drops a message that expires into a queue from which it has expired before', async () => {
    await publish('', 'cycle-a')

    expect(await remainEmpty('cycle-a', 'cycle-b')).toBe(true)
  })

  it('dead-letter-cycle-by-version: keeps a rejected message in a cycle up to 3.12, and drops it later', async () => {
    await publish('', 'entrance')
    await reject('entrance')
    const cameRound = async () => {
      const message = (await get('round-a')) || (await get('round-b'))
      if (message === false) return false
      const deaths = message.properties.headers?.['x-death'] as readonly { count: number }[] | undefined
      const times = deaths?.[0]?.count ?? 0
      channel.nack(message, false, times < 4)
      return times >= 4
    }
    let empty = 0
    const fate = await until(async () => {
      if (await cameRound()) return 'kept'
      empty = (await count('round-a')) + (await count('round-b')) === 0 ? empty + 1 : 0
      return empty === 10 && 'dropped'
    }, 'four rounds, or nothing in ten looks')
    expect(fate).toBe(isAtLeast(version, '3.13.0') ? 'dropped' : 'kept')
  })

  it('delay-queue-may-expire and retry-outlives-queue: delete an unused queue with the messages that wait in it', async () => {
    await channel.assertQueue('short', {
      arguments: deadLettersTo('seen', { 'x-message-ttl': 60_000, 'x-expires': 500 }),
    })
    await publish('', 'short')
    expect(returned).toEqual([])
    const { api } = await testBroker()
    await until(async () => (await api.get(['queues', vhost, 'short'])) === undefined, 'the end of the queue')

    expect(await seen()).toBe(0)
  })

  it('expiration-into-delay-queue: does not expire a message behind one that lives longer', async () => {
    await publish('', 'waiting')
    await publish('', 'waiting', { expiration: 1 })
    await publish('', 'clock', { expiration: 50 })
    await until(async () => (await count('seen')) > 0, 'a message that expires later at the head of another queue')

    expect([await count('waiting'), await seen()]).toEqual([2, 1])
  })

  it('work-queue-drops-head: confirms a message and drops an older one that it has confirmed', async () => {
    await publish('', 'full', { messageId: 'first' })
    await publish('', 'full', { messageId: 'second' })

    const kept = await channel.get('full', { noAck: true })
    expect([kept && kept.properties.messageId, await count('full')]).toEqual(['second', 0])
  })

  it('quorum-queue-drops-returned: drops a message at its 21st return from 4.0 on, and 4.3 counts no nack', async () => {
    const deliveries = { closed: 0, nacked: 0 }
    for (const way of ['nacked', 'closed'] as const) {
      await publish('', 'returning')
      for (let round = 0; round < 22; round += 1) {
        const own = await connection.createChannel()
        const message = await until(
          async () =>
            (await own.get('returning')) || ((await own.checkQueue('returning')).messageCount === 0 && 'gone'),
          'a delivery or an empty queue',
        )
        if (message !== 'gone') deliveries[way] += 1
        if (message !== 'gone' && way === 'nacked') own.nack(message, false, true)
        // When a channel is closed, the broker requeues its unacknowledged messages.
        await own.close()
        if (message === 'gone') break
      }
      await channel.purgeQueue('returning')
    }
    const closed = isAtLeast(version, '4.0.0') ? 21 : 22

    expect(deliveries).toEqual({ closed, nacked: isAtLeast(version, '4.3.0') ? 22 : closed })
  })

  it('permission-not-anchored and route-without-rights: match a name that contains the expression, and refuse others', async () => {
    const login = await freshUser({ permissions: { [vhost]: { configure: '^$', write: 'opi', read: '^$' } } })
    const own = await connect(await amqpUrl(vhost, login))
    const allowed = await own.createConfirmChannel()
    allowed.publish('topic', 'a.b', Buffer.from(''))
    await allowed.waitForConfirms()
    expect(await seen()).toBe(1)

    const closed = new Promise<Error>((resolve) => allowed.once('error', resolve))
    allowed.publish('direct', 'a', Buffer.from(''))
    expect((await closed).message).toContain('ACCESS_REFUSED')
    await own.close()
  })

  it('wildcard-permission: lets a user without a tag publish to every queue, and delete it', async () => {
    await channel.assertQueue('of-others', { durable: true })
    const login = await freshUser({ permissions: { [vhost]: { configure: '.*', write: '.*', read: '^$' } } })
    const own = await connect(await amqpUrl(vhost, login))
    const allowed = await own.createConfirmChannel()
    allowed.sendToQueue('of-others', Buffer.from(''))
    await allowed.waitForConfirms()

    expect(await count('of-others')).toBe(1)
    expect(await allowed.deleteQueue('of-others')).toEqual({ messageCount: 1 })
    await own.close()
  })

  it('deprecated-feature: lists a queue that is neither durable nor exclusive from 4.0 on', async () => {
    if (!isAtLeast(version, '4.0.0')) return
    await channel.assertQueue('transient', { durable: false })
    const { api } = await testBroker()

    const used = await until(() => api.get<{ name: string }[]>(['deprecated-features', 'used']), 'the features')
    expect(used.map(({ name }) => name)).toContain('transient_nonexcl_queues')
  })

  it('unknown-to-broker: refuses a policy key and an exchange type that it does not know', async () => {
    const { api } = await testBroker()
    const policy = { pattern: '^x$', definition: { 'max-lenght': 1 } }

    await expect(api.put(['policies', vhost, 'misspelled'], policy)).rejects.toThrow('400')
    await expect(api.put(['exchanges', vhost, 'misspelled'], { type: 'topci' })).rejects.toThrow('400')
  })
})

describe('the verdict of breaking about a client with unchanged declarations', () => {
  const table = {
    'x-max-length': 10,
    'x-expires': 600_000,
    'x-max-priority': 5,
    'x-message-ttl': 60_000,
    'x-dead-letter-exchange': 'a',
    note: 'a',
  }
  const queues: readonly (readonly [string, Queue, Partial<Queue>])[] = [
    ['durable', queue('durable'), { durable: false }],
    ['autoDelete', queue('autoDelete'), { autoDelete: true }],
    ...Object.keys(table).map((name): readonly [string, Queue, Partial<Queue>] => {
      const { [name as keyof typeof table]: value, ...others } = table
      const changed = { ...others, [name]: typeof value === 'number' ? value - 1 : `${value}b` }
      return [name, queue(`q-${name}`, { arguments: table }), { arguments: changed }]
    }),
    ['no argument', queue('none', { arguments: { 'x-max-length': 10 } }), { arguments: {} }],
    ['type', queue('type', { type: 'classic' }), { type: 'stream' }],
  ]
  const exchanges: readonly (readonly [string, Exchange, Partial<Exchange>])[] = [
    ['type', exchange('e-type'), { type: 'topic' }],
    ['durable', exchange('e-durable'), { durable: false }],
    ['autoDelete', exchange('e-auto'), { autoDelete: true }],
    ['internal', exchange('e-internal'), { internal: true }],
    ['alternate exchange', exchange('e-alternate'), { arguments: { 'alternate-exchange': 'topic' } }],
    ['another argument', exchange('e-note', { arguments: { note: 'a' } }), { arguments: { note: 'b' } }],
  ]

  /** Whether the broker answers 406 to a declaration. */
  async function refuses(declare: (own: Channel) => Promise<unknown>): Promise<boolean> {
    const own = await connection.createChannel()
    own.on('error', () => undefined)
    try {
      await declare(own)
      await own.close()
      return false
    } catch (error) {
      if (!String(error).includes('406')) throw error
      return true
    }
  }

  const saysRedeclared = (old: Partial<ReturnType<typeof topology>>, current: typeof old) =>
    findBreaking(
      {
        old: { topology: topology(old), routes: { publications: [], subscriptions: [] } },
        current: { topology: topology(current), routes: { publications: [], subscriptions: [] } },
        brokerVersion: version,
      },
      () => ({ verdict: 'compatible' }),
    ).some(({ rule }) => rule.endsWith('-redeclared'))

  // The new version is on the broker, and the client declares the old one.
  it.each(queues)('queue-redeclared: agrees with the broker about %s of a queue', async (_what, before, change) => {
    const after = { ...before, ...change }
    const declare = (own: Channel, { name, durable, autoDelete, type, arguments: own_ }: Queue) =>
      own.assertQueue(name, { durable, autoDelete, arguments: { 'x-queue-type': type, ...own_ } })
    await declare(channel, after)

    expect(saysRedeclared({ queues: [before] }, { queues: [after] })).toBe(await refuses((own) => declare(own, before)))
  })

  it.each(exchanges)(
    'exchange-redeclared: agrees with the broker about %s of an exchange',
    async (_what, before, change) => {
      const after = { ...before, ...change }
      const declare = (own: Channel, { name, type, durable, autoDelete, internal, arguments: own_ }: Exchange) =>
        own.assertExchange(name, type, { durable, autoDelete, internal, arguments: own_ })
      await declare(channel, after)

      expect(saysRedeclared({ exchanges: [before] }, { exchanges: [after] })).toBe(
        await refuses((own) => declare(own, before)),
      )
    },
  )
})
