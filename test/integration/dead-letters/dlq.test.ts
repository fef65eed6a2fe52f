import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import type {
  DeadLetterList,
  PeekReport,
  PurgeReport,
  ReplayReport,
} from '../../../src/operate/dead-letters/reports.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { deadLetterPlace, idsOf, numbered } from './dead-letters.ts'
import { until } from '../support/until.ts'

const TYPES = ['classic', 'quorum'] as const

/** A queue with a dead-letter queue, and another one that gets every message of its exchange. */
const emailAs = (type: string): string => `
warren: 1
project: dlq
vhost: VHOST
exchanges:
  tasks: { type: topic }
queues:
  email:
    type: ${type}
    bindings: [{ exchange: tasks, routingKey: email }]
    deadLetter: true
  audit:
    type: ${type}
    bindings: [{ exchange: tasks, routingKey: '#' }]
`

const ids = (count: number): string[] => numbered(count).map(({ messageId }) => messageId)

describe.each(TYPES)('the dead letters of a %s queue', (type) => {
  it('are listed with their numbers and reasons', async () => {
    const { vhost, fail, dlq, json } = await deadLetterPlace(emailAs(type))
    await fail('email', [
      { messageId: 'a', reason: 'invalid', firstFailed: '2026-01-01T00:00:00.000Z' },
      { messageId: 'b', firstFailed: '2026-01-02T00:00:00.000Z' },
      { messageId: 'c', firstFailed: '2026-01-03T00:00:00.000Z' },
    ])

    const listed = await json<DeadLetterList>('list', '--reasons')

    expect(listed.queues).toMatchObject([
      {
        address: `queue:${vhost}/email.dead`,
        vhost,
        name: 'email.dead',
        serves: ['email'],
        state: { type, ready: 3, consumers: 0 },
        summary: {
          messages: 3,
          bytes: 3,
          reasons: [
            { reason: 'error', messages: 2 },
            { reason: 'invalid', messages: 1 },
          ],
          queues: [{ queue: 'email', messages: 3 }],
          oldest: '2026-01-01T00:00:00.000Z',
          newest: '2026-01-03T00:00:00.000Z',
        },
      },
    ])
    expect((await dlq('list')).stdout).toMatch(new RegExp(`email\\.dead +${type} +3 dead letters +from email`))
  })

  it('can be read thirty times, and are all in the queue afterwards, in order', async () => {
    const { fail, json, takeAll } = await deadLetterPlace(emailAs(type))
    const { version } = await testBroker()
    await fail('email', numbered(60))

    for (let look = 0; look < 29; look += 1) {
      const { letters } = await json<PeekReport>('peek', 'email')
      expect(letters.map(({ messageId }) => messageId)).toEqual(ids(20))
    }
    const last = await json<PeekReport>('peek', 'email.dead', '--limit', '100')

    expect(last.letters.map(({ messageId }) => messageId)).toEqual(ids(60))
    const left = await takeAll('email.dead')
    expect(idsOf(left)).toEqual(ids(60))
    // If the broker can requeue a message without counting the delivery, a look does not count.
    const counted = type === 'quorum' && !isAtLeast(version, '4.3.0')
    const deliveries = left.map(({ properties }) => Number(properties.headers?.['x-delivery-count'] ?? 0))
    expect(new Set(deliveries)).toEqual(new Set([counted ? 30 : 0]))
  })

  it('show their message, and the reason of the failure', async () => {
    const { vhost, channel, fail, json, dlq, ready } = await deadLetterPlace(emailAs(type))
    await fail('email', [
      {
        messageId: 'by-runtime',
        correlationId: 'c-1',
        type: 'email.send',
        contentType: 'application/json',
        timestamp: 1_767_225_600,
        headers: { tenant: 'acme', nested: { list: [1, true] } },
        contentEncoding: 'gzip',
        body: gzipSync('{"to":"ann"}'),
        reason: 'timeout',
        error: 'TimeoutError: 30 s',
        retries: 3,
        firstFailed: '2026-01-01T08:00:00.000Z',
      },
    ])
    channel.publish('tasks', 'email', Buffer.from([0, 255]), { messageId: 'by-broker' })
    await channel.waitForConfirms()
    const rejected = await until(async () => (await channel.get('email')) || undefined, 'the message')
    channel.nack(rejected, false, false)
    await until(async () => (await ready('email.dead')) === 2, 'the dead letter')

    const { letters, queue } = await json<PeekReport>('peek', `queue:${vhost}/email`, '--body')

    expect(queue).toBe(`queue:${vhost}/email.dead`)
    expect(letters).toEqual([
      {
        messageId: 'by-runtime',
        correlationId: 'c-1',
        type: 'email.send',
        contentType: 'application/json',
        contentEncoding: 'gzip',
        queue: 'email',
        reason: 'timeout',
        error: 'TimeoutError: 30 s',
        retries: 3,
        exchange: 'tasks',
        routingKey: 'email',
        firstFailed: '2026-01-01T08:00:00.000Z',
        published: '2026-01-01T00:00:00.000Z',
        bytes: 32,
        plainBytes: 12,
        headers: { tenant: 'acme', nested: { list: [1, true] } },
        body: { text: '{"to":"ann"}' },
      },
      {
        messageId: 'by-broker',
        queue: 'email',
        reason: 'rejected',
        retries: 0,
        exchange: 'tasks',
        routingKey: 'email',
        died: expect.stringMatching(/^20\d\d-/),
        bytes: 2,
        headers: {},
        body: { base64: 'AP8=' },
      },
    ])
    expect((await dlq('peek', 'email', '--reason', 'timeout', '--body')).stdout).toContain(
      [
        '1  by-runtime  timeout after 3 retries',
        '    failed in     email',
        '    first failed  2026-01-01T08:00:00.000Z',
        '    published     2026-01-01T00:00:00.000Z',
        '    came by       tasks with email',
        '    error         TimeoutError: 30 s',
        '    correlation   c-1',
        '    headers       nested: {"list":[1,true]}',
        '                  tenant: acme',
        '    body          32 bytes, application/json, gzip',
        '                  {"to":"ann"}',
      ].join('\n'),
    )
  })

  it('go back only to the queue where they failed, with their attempts reset', async () => {
    const { fail, json, ready, takeAll } = await deadLetterPlace(emailAs(type))
    await fail('email', [
      {
        messageId: 'a',
        headers: { tenant: 'acme', CC: ['audit'], 'x-death': 'mine' },
        retries: 3,
        correlationId: 'c-1',
        // Its priority is higher than that of the others, and the queues of some versions deliver it first.
        priority: 5,
        expiration: '600000',
      },
      ...numbered(249),
    ])
    await takeAll('audit')

    const replayed = await json<ReplayReport>('replay', 'email', '--auto-approve').catch((error: Error) => error)

    // The output is JSON, because it does not contain the question.
    expect(replayed).toMatchObject({
      ready: 250,
      targets: ['email'],
      result: {
        looked: 250,
        replayed: [{ queue: 'email', messages: 250 }],
        left: { notMeant: 0, unknownQueue: 0, refused: [] },
      },
    })
    expect([await ready('email.dead'), await ready('audit')]).toEqual([0, 0])
    const [first, ...others] = await takeAll('email')
    expect(idsOf(others)).toEqual(ids(249))
    expect(first?.properties).toMatchObject({ messageId: 'a', correlationId: 'c-1', priority: 5, deliveryMode: 2 })
    expect(first?.properties.expiration).toBeUndefined()
    const { 'x-delivery-count': _, ...headers } = first?.properties.headers ?? {}
    expect(headers).toEqual({
      tenant: 'acme',
      'x-warren-exchange': 'tasks',
      'x-warren-routing-key': 'email',
      'x-warren-first-failed': '2026-01-31T08:00:00.000Z',
    })
  })

  it('return partially if only some are selected, and the others are kept in order', async () => {
    const { fail, json, dlq, takeAll, ready } = await deadLetterPlace(emailAs(type))
    const letters = Array.from({ length: 250 }, (_, index) => ({
      messageId: `m${index}`,
      reason: index % 2 === 0 ? 'error' : 'invalid',
      error: index % 4 === 0 ? 'Error: no such ADDRESS' : 'Error: other',
      headers: { tenant: `t${index % 3}`, size: index % 5 },
      firstFailed: new Date(Date.UTC(2026, 0, 1) + index * 60_000).toISOString(),
    }))
    await fail('email', letters)
    const meant = letters.filter((_, index) => index % 12 === 0 && index >= 60 && index < 180)
    const choice = ['--reason', 'error', '--reason', 'poison', '--error', 'such address', '--header', 'tenant=t0']
    const times = ['--after', '2026-01-01T01:00:00Z', '--before', '2026-01-01T03:00:00Z']

    const dry = await json<ReplayReport>('replay', 'email', '--dry-run', ...choice, ...times)
    expect(dry.result).toMatchObject({ replayed: [{ queue: 'email', messages: meant.length }] })
    expect([await ready('email.dead'), await ready('email')]).toEqual([250, 0])
    const done = await dlq('replay', 'email', '-y', ...choice, ...times)

    expect([done.code, done.stdout]).toEqual([
      0,
      expect.stringContaining(
        `replayed  ${meant.length} to email\n  left      ${250 - meant.length} that do not match the filter`,
      ),
    ])
    expect(idsOf(await takeAll('email'))).toEqual(meant.map(({ messageId }) => messageId))
    const rest = letters.filter((each) => !meant.includes(each))
    expect(idsOf(await takeAll('email.dead'))).toEqual(rest.map(({ messageId }) => messageId))
  })

  it('return in the requested number and rate', async () => {
    const { fail, json, takeAll, ready } = await deadLetterPlace(emailAs(type))
    await fail('email', numbered(30))
    const started = performance.now()

    await json<ReplayReport>('replay', 'email', '-y', '--limit', '20', '--rate', '10/s')

    expect(performance.now() - started).toBeGreaterThan(1_800)
    expect(idsOf(await takeAll('email'))).toEqual(ids(20))
    expect(await ready('email.dead')).toBe(10)
    await json<ReplayReport>('replay', 'email', '-y', '--id', 'm25', '--id', 'm27')
    expect(idsOf(await takeAll('email'))).toEqual(['m25', 'm27'])
  })

  it('that fail again during a replay are not replayed twice', async () => {
    const { channel, fail, json, ready } = await deadLetterPlace(emailAs(type))
    await fail('email', numbered(150))
    let failedAgain = 0
    await channel.consume('email', (message) => {
      if (!message) return
      failedAgain += 1
      channel.nack(message, false, false)
    })

    const { result } = await json<ReplayReport>('replay', 'email', '-y')

    expect(result).toMatchObject({ looked: 150, replayed: [{ queue: 'email', messages: 150 }] })
    await until(async () => (await ready('email.dead')) === 150, 'the messages to have failed again')
    expect(failedAgain).toBe(150)
  })

  it('are not replayed if their queue is unknown, which is reported', async () => {
    const { channel, fail, dlq, takeAll, ready } = await deadLetterPlace(emailAs(type))
    await fail('email', [{ messageId: 'known' }])
    await channel.assertExchange('stray', 'fanout')
    await channel.bindQueue('email.dead', 'stray', '')
    channel.publish('stray', '', Buffer.from('?'), { messageId: 'stray' })
    await channel.waitForConfirms()
    await until(async () => (await ready('email.dead')) === 2, 'the stray message')

    const { code, stdout } = await dlq('replay', 'email', '-y')

    expect([code, stdout]).toEqual([
      7,
      expect.stringMatching(/replayed {2}1 to email\n.*left {6}1 that failed in an unknown queue/),
    ])
    expect(idsOf(await takeAll('email'))).toEqual(['known'])
    expect(idsOf(await takeAll('email.dead'))).toEqual(['stray'])
  })

  it('are kept if there is no return route, or one that leads to other queues too', async () => {
    const { channel, fail, dlq, ready } = await deadLetterPlace(emailAs(type))
    await fail('email', numbered(3))
    await channel.bindQueue('audit', 'email.failed', 'back')
    const toOthers = await dlq('replay', 'email', '-y')
    await channel.unbindQueue('audit', 'email.failed', 'back')
    await channel.unbindQueue('email', 'email.failed', 'back')
    const nowhere = await dlq('replay', 'email', '-y')

    expect([toOthers.code, toOthers.stderr]).toEqual([4, expect.stringContaining('would also reach the queue "audit"')])
    expect([nowhere.code, nowhere.stderr]).toEqual([4, expect.stringContaining('no route leads back to queue:')])
    expect(await ready('email.dead')).toBe(3)
  })

  it('are deleted only after confirmation, and no more than were counted', async () => {
    const { fail, dlq, json, ready } = await deadLetterPlace(emailAs(type))
    await fail('email', [...numbered(150), { messageId: 'x', reason: 'invalid' }])

    const unasked = await dlq('purge', 'email')
    const wrongName = await dlq('purge', 'email', '--confirm', 'email')
    const tooMany = await dlq('purge', 'email', '--confirm', 'email.dead', '--max', '150')
    const dry = await dlq('purge', 'email', '--dry-run')
    expect([unasked.code, wrongName.code, tooMany.code, dry.code]).toEqual([8, 8, 4, 0])
    expect(unasked.stdout).toContain(
      'Delete   151 dead letters of the 151 that were looked at\n  error 150, invalid 1\n',
    )
    expect(unasked.stderr).toContain('pass --confirm with the name of the dead-letter queue, "email.dead"')
    expect(tooMany.stderr).toContain('--max allows 150')
    expect(await ready('email.dead')).toBe(151)

    const some = await json<PurgeReport>('purge', 'email', '--reason', 'invalid', '--dry-run')
    expect(some).toMatchObject({ purged: 0, summary: { messages: 1 } })
    const confirmed = await dlq('purge', 'email', '--reason', 'error', '--limit', '60', '--confirm', 'email.dead')
    expect([confirmed.code, confirmed.stdout]).toEqual([0, expect.stringContaining('deleted  60 dead letters')])
    const { letters } = await json<PeekReport>('peek', 'email', '--limit', '1000')
    // A quorum queue puts a requeued message behind those that were requeued before.
    const left = letters.map(({ messageId }) => String(messageId))
    const expected = [...ids(150).slice(60), 'x']
    expect(type === 'quorum' ? left.toSorted() : left).toEqual(type === 'quorum' ? expected.toSorted() : expected)
    expect((await dlq('purge', 'email', '--confirm', 'email.dead', '--max', '91')).code).toBe(0)
    expect(await ready('email.dead')).toBe(0)
  })
})

it('warren dlq --live works without files, and says which origins are unknown', async () => {
  const { channel, fail, live, ready, takeAll } = await deadLetterPlace(emailAs('classic'))
  await fail('email', [{ messageId: 'declared' }])
  await channel.assertQueue('orders', {
    arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'rejected' },
  })
  for (const name of ['rejected', 'legacy_error']) await channel.assertQueue(name)
  channel.sendToQueue('orders', Buffer.from('o'), { messageId: 'order' })
  channel.sendToQueue('legacy_error', Buffer.from('e'), { messageId: 'stray' })
  await channel.waitForConfirms()
  channel.nack(await until(async () => (await channel.get('orders')) || undefined, 'the order'), false, false)
  await until(async () => (await ready('rejected')) === 1, 'the dead letter')

  const list = JSON.parse((await live('list', '--format', 'json')).stdout) as DeadLetterList
  expect(list.queues.map(({ name, serves, state }) => [name, serves, state?.ready])).toEqual([
    ['email.dead', ['email'], 1],
    ['legacy_error', [], 1],
    ['rejected', ['orders'], 1],
  ])
  expect((await live('list')).stdout).toMatch(/legacy_error .* origin unknown/)
  expect((await live('peek', 'legacy_error')).stdout).toContain('(unknown: it will not be replayed)')

  expect(await live('replay', 'legacy_error', '-y')).toMatchObject({ code: 7 })
  expect(await live('replay', 'orders', '-y')).toMatchObject({ code: 0 })
  expect(await live('replay', 'email', '-y')).toMatchObject({ code: 0 })
  expect([idsOf(await takeAll('orders')), idsOf(await takeAll('email'))]).toEqual([['order'], ['declared']])
  expect(await live('purge', 'legacy_error', '--confirm', 'legacy_error')).toMatchObject({ code: 0 })
  expect(await ready('legacy_error')).toBe(0)
})
