import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { DeadLetterList, PeekReport, ReplayReport } from '../../../src/operate/dead-letters/reports.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { command } from '../support/command-in-process.ts'
import { deadLetterPlace, idsOf, numbered } from './dead-letters.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

const HEAD = 'warren: 1\nproject: dlq\nvhost: VHOST\n'

const COUNT = 1_000
const KILLS = 4

describe('a replay that is interrupted', () => {
  it.each(['classic', 'quorum'])(
    'loses no message of a %s queue after kill -9, and continues in the next run',
    async (type) => {
      const { fail, start, ready, channel, dlq } = await deadLetterPlace(
        `${HEAD}queues:\n  email: { type: ${type}, deadLetter: true }\n`,
      )
      await fail('email', numbered(COUNT))
      for (let kills = 0; kills < KILLS; kills += 1) {
        const before = await ready('email')
        // It is so slow that it is killed long before its end, even on a busy machine.
        const running = await start('replay', 'email', '-y', '--rate', '50/s')
        await until(async () => (await ready('email')) > before + 20, 'some to be replayed')
        running.kill('SIGKILL')
        expect(await running.ended).toMatchObject({ signal: 'SIGKILL' })
        // Its messages are in the queue again after the broker has noticed that it died.
        await until(async () => (await channel.checkQueue('email.dead')).consumerCount === 0, 'its consumer to be gone')
        await until(async () => (await ready('email')) + (await ready('email.dead')) >= COUNT, 'all to be ready')
      }
      expect((await dlq('replay', 'email', '-y')).code).toBe(0)

      const seen = new Map<string, number>()
      const total = await ready('email')
      let taken = 0
      await channel.consume(
        'email',
        (message) => {
          const id = String(message?.properties.messageId)
          seen.set(id, (seen.get(id) ?? 0) + 1)
          taken += 1
        },
        { noAck: true },
      )
      await until(() => taken === total, 'all messages')

      expect([...seen.keys()].toSorted()).toEqual(
        numbered(COUNT)
          .map(({ messageId }) => messageId)
          .toSorted(),
      )
      // Duplicates are possible.
      expect(total - COUNT).toBeLessThan(KILLS * 200)
    },
  )

  it('finishes work in progress after a signal, and leaves the rest', async () => {
    const { fail, start, ready, dlq } = await deadLetterPlace(
      `${HEAD}queues:\n  email: { type: quorum, deadLetter: true }\n`,
    )
    await fail('email', numbered(200))

    const running = await start('replay', 'email', '-y', '--rate', '20/s')
    await until(async () => (await ready('email')) > 5, 'some to be replayed')
    running.kill('SIGINT')
    const { code, stdout } = await running.ended

    const [replayed, left] = [await ready('email'), await ready('email.dead')]
    expect([code, replayed + left]).toEqual([130, 200])
    expect(stdout).toContain(`replayed  ${replayed} to email`)
    expect(stdout).toContain('stopped   by a signal')
    expect((await dlq('replay', 'email', '-y')).code).toBe(0)
    expect([await ready('email'), await ready('email.dead')]).toEqual([200, 0])
  })

  it('by a full queue leaves the refused messages, and reports it', async () => {
    const { fail, dlq, ready } = await deadLetterPlace(
      `${HEAD}queues:\n  email: { type: quorum, maxLength: 10, overflow: reject-publish, deadLetter: true }\n`,
    )
    await fail('email', numbered(60))

    const { code, stdout } = await dlq('replay', 'email', '-y', '--rate', '100/s')

    // A quorum queue accepts a few more messages than its limit.
    const replayed = await ready('email')
    expect([code, replayed + (await ready('email.dead'))]).toEqual([7, 60])
    expect(stdout).toContain(`replayed  ${replayed} to email`)
    expect(stdout).toContain(
      `left      ${60 - replayed} for email: the broker refused it: the queue is full or has failed`,
    )
  })
})

describe('a dead-letter queue', () => {
  it('of several queues returns each message to its own queue', async () => {
    const { channel, json, takeAll, ready } = await deadLetterPlace(`${HEAD}exchanges: { dlx: { type: topic } }
queues:
  email: { type: quorum, deadLetter: { exchange: dlx, queue: graveyard } }
  sms: { type: quorum, deadLetter: { exchange: dlx, queue: graveyard } }
`)
    for (const queue of ['email', 'sms']) {
      channel.sendToQueue(queue, Buffer.from(queue), { messageId: queue })
      await channel.waitForConfirms()
      const message = await until(async () => (await channel.get(queue)) || undefined, queue)
      channel.nack(message, false, false)
    }
    await until(async () => (await ready('graveyard')) === 2, 'the dead letters')

    const listed = await json<DeadLetterList>('list')
    expect(listed.queues.map(({ name, serves }) => [name, serves])).toEqual([['graveyard', ['email', 'sms']]])
    const one = await json<ReplayReport>('replay', 'graveyard', '-y', '--failed-in', 'sms')
    expect(one.result?.replayed).toEqual([{ queue: 'sms', messages: 1 }])
    const other = await json<ReplayReport>('replay', 'email', '-y')
    expect(other.result?.replayed).toEqual([{ queue: 'email', messages: 1 }])
    expect([idsOf(await takeAll('email')), idsOf(await takeAll('sms'))]).toEqual([['email'], ['sms']])
  })

  it('may be bound explicitly', async () => {
    const { json, fail, channel, ready } = await deadLetterPlace(`${HEAD}queues:
  email: { type: classic, deadLetter: { queue: false } }
  morgue: { type: classic, bindings: [{ exchange: email.failed, routingKey: dead }] }
`)
    await channel.assertQueue('email.dead', { autoDelete: true })
    channel.publish('email.failed', 'dead', Buffer.from('x'), { messageId: 'x' })
    await channel.waitForConfirms()

    expect((await json<DeadLetterList>('list')).queues).toMatchObject([{ name: 'morgue', state: { ready: 1 } }])
    expect((await json<ReplayReport>('replay', 'morgue', '-y')).result?.replayed).toEqual([
      { queue: 'email', messages: 1 },
    ])
    expect(await ready('email')).toBe(1)
    expect(fail).toBeDefined()
  })

  it('whose messages a migration moved is replayed too', async () => {
    const { channel, json, ready } = await deadLetterPlace(
      `${HEAD}queues:\n  email: { type: quorum, deadLetter: true }\n`,
    )
    channel.sendToQueue('email.dead', Buffer.from('x'), { messageId: 'moved', persistent: true })
    await channel.waitForConfirms()

    const { result } = await json<ReplayReport>('replay', 'email', '-y')

    expect(result).toMatchObject({ replayed: [{ queue: 'email', messages: 1 }] })
    expect(await ready('email')).toBe(1)
  })

  it('is not peeked into if the broker counts reads and would drop messages', async () => {
    const { channel, dlq, json, ready } = await deadLetterPlace(`${HEAD}queues:
  email: { type: quorum, deadLetter: { queue: small } }
  small: { type: quorum, deliveryLimit: 5 }
`)
    const { version } = await testBroker()
    channel.publish('email.failed', 'dead', Buffer.from('x'), { messageId: 'x' })
    await channel.waitForConfirms()
    const looks = [['peek'], ['replay', '-y', '--dry-run'], ['purge', '--dry-run']] as const

    for (const [verb, ...options] of looks) {
      const { code, stderr } = await dlq(verb, 'small', ...options)
      const refusal = [4, expect.stringContaining('delivers a message 6 times')]
      expect([code, stderr]).toEqual(isAtLeast(version, '4.3.0') ? [0, ''] : refusal)
    }
    expect((await json<PeekReport>('peek', 'small', '--use-deliveries')).letters).toHaveLength(1)
    expect(await ready('small')).toBe(1)
    const listed = await json<DeadLetterList>('list', '--reasons')
    expect(listed.queues[0]?.notLookedAt === undefined).toBe(isAtLeast(version, '4.3.0'))
  })

  it('that is a stream is listed, but neither read nor purged', async () => {
    const { dlq, json } = await deadLetterPlace(`${HEAD}queues:
  email: { type: quorum, deadLetter: { queue: log } }
  log: { type: stream }
`)
    expect((await json<DeadLetterList>('list', '--reasons')).queues).toMatchObject([
      { name: 'log', state: { type: 'stream' }, notLookedAt: 'it is a stream' },
    ])
    const { code, stderr } = await dlq('peek', 'log')
    expect([code, stderr]).toEqual([
      4,
      expect.stringContaining('is a stream, which keeps its messages after they are read'),
    ])
  })

  it('is not read if it is auto-delete, because the broker would delete it with its messages', async () => {
    const { channel, live, ready } = await deadLetterPlace(`${HEAD}queues:\n  email: { type: classic }\n`)
    await channel.assertQueue('email_error', { autoDelete: true, arguments: { 'x-queue-type': 'classic' } })
    channel.sendToQueue('email_error', Buffer.from('{}'))
    await channel.waitForConfirms()

    const { code, stderr } = await live('peek', 'email_error', '--use-deliveries')

    expect([code, stderr]).toEqual([4, expect.stringContaining('is an auto-delete queue')])
    expect(await ready('email_error')).toBe(1)
  })

  it('reports that another consumer receives its messages', async () => {
    const { channel, dlq, fail } = await deadLetterPlace(
      `${HEAD}queues:\n  email: { type: classic, deadLetter: true }\n`,
    )
    await fail('email', numbered(2))
    await channel.prefetch(1)
    await channel.consume('email.dead', () => undefined)
    await until(async () => (await channel.checkQueue('email.dead')).messageCount === 1, 'one to be taken')

    expect((await dlq('list')).stdout).toMatch(
      /email\.dead +classic +1 dead letter +from email\n(.*\n)? +! 1 consumer takes/,
    )
    expect((await dlq('peek', 'email')).stdout).toContain('! 1 consumer takes from it as well')
  })

  it('may have any name that a broker accepts', async () => {
    const names = ['a/b', 'per cent%2F', '~@#&?=+', 'quote\'s "two"', 'ünïcødé 日本', '-y', 'queue:x', 'n'.repeat(240)]
    const quoted = names.map((name) => `  ${JSON.stringify(name)}: { type: quorum, deadLetter: true }`).join('\n')
    const { vhost, json, dlq, fail, takeAll } = await deadLetterPlace(`${HEAD}queues:\n${quoted}\n`)
    for (const name of names) await fail(name, [{ messageId: name }])

    const listed = await json<DeadLetterList>('list')
    expect(listed.queues.flatMap(({ serves }) => serves).toSorted()).toEqual(names.toSorted())
    for (const { address, name, serves } of listed.queues) {
      expect((await json<PeekReport>('peek', address)).letters.map(({ messageId }) => messageId)).toEqual(serves)
      expect((await dlq('replay', '-y', '--', name)).code).toBe(0)
      expect(idsOf(await takeAll(serves[0] ?? ''))).toEqual(serves)
    }
    expect(vhost).toBeDefined()
  })
})

describe('a command on dead letters', () => {
  const TOPOLOGY = `${HEAD}queues:\n  email: { type: classic, deadLetter: true }\n  plain: {}\n`

  it.each([
    [['peek', 'emial'], /"emial" is neither a dead-letter queue.*\n.*did you mean "email"\? there are: queue:/],
    [['peek', 'plain'], /"plain" is neither a dead-letter queue of the topology nor a queue that has one/],
    [['peek', 'email', '--limit', '0'], /--limit 0 is not a whole number from 1/],
    [['peek', 'email', '--before', 'yesterday'], /--before yesterday is not a time/],
    [['peek', 'email', '--header', 'tenant'], /the value of --header is not of the form name=value/],
    [['replay', 'email', '--rate', '0/s'], /--rate 0\/s is not a rate/],
    [['list', '--format', 'xml'], /--format xml is not known/],
  ])('refuses %j with exit code 3, without connecting to a broker', async (args, message) => {
    const folder = await files({ 'topology.yaml': TOPOLOGY.replace('VHOST', '/') })
    const nowhere = { WARREN_URL: 'http://127.0.0.1:1' }

    const { code, stderr } = await command(['dlq', ...args, `${folder}/topology.yaml`], nowhere)

    expect([code, stderr]).toEqual([3, expect.stringMatching(message)])
  })

  it('ends with 6 if AMQP cannot be reached, and shows no password', async () => {
    const { dlq, file } = await deadLetterPlace(TOPOLOGY)
    const { code, stderr } = await dlq('list', '--amqp-url', 'amqp://someone:s3cret-word@127.0.0.1:1')

    expect([code, stderr]).toEqual([6, expect.stringContaining('dead letters cannot be reached without AMQP')])
    expect(stderr).not.toContain('s3cret-word')
    expect(file).toBeDefined()
  })

  it('ends with 4 if the queue does not exist, but with 0 for a mere list', async () => {
    const vhost = await freshVhost()
    const folder = await files({ 'topology.yaml': TOPOLOGY.replace('VHOST', vhost) })
    const environment = { WARREN_AMQP_URL: await amqpUrl(vhost) }
    const list = await warren(['dlq', 'list', 'topology.yaml'], { folder, environment })
    const peek = await warren(['dlq', 'peek', 'email', 'topology.yaml'], { folder, environment })

    expect([list.code, list.stdout]).toEqual([0, expect.stringMatching(/email\.dead +not on the broker/)])
    expect([peek.code, peek.stderr]).toEqual([4, expect.stringContaining('is not on the broker')])
  })

  it('works with a login that may read the dead letters and write to the failed exchange, and nothing else', async () => {
    const { vhost, fail, file, ready } = await deadLetterPlace(TOPOLOGY)
    await fail('email', numbered(2))
    const rights = { configure: '', write: '^email\\.failed$', read: '^email\\.dead$' }
    const login = await freshUser({ tags: 'management', permissions: { [vhost]: rights } })
    const reader = await freshUser({ tags: 'management', permissions: { [vhost]: { ...rights, write: '' } } })
    const as = async (who: typeof login) => ({
      WARREN_URL: await managementUrl(who),
      WARREN_AMQP_URL: await amqpUrl(vhost, who),
    })

    const refused = await command(['dlq', 'replay', 'email', '-y', file], await as(reader))
    expect([refused.code, refused.stdout + refused.stderr]).toEqual([
      6,
      expect.stringContaining('write on <queue>.failed'),
    ])
    expect(await ready('email.dead')).toBe(2)
    expect((await command(['dlq', 'replay', 'email', '-y', file], await as(login))).code).toBe(0)
    expect(await ready('email')).toBe(2)
  })

  it('reports unfinished work if its connection is closed', async () => {
    const { vhost, fail, file, ready } = await deadLetterPlace(TOPOLOGY)
    await fail('email', numbered(300))
    const { api } = await testBroker()
    const rights = { configure: '', write: '.*', read: '.*' }
    const login = await freshUser({ tags: 'management', permissions: { [vhost]: rights } })
    const environment = { WARREN_URL: await managementUrl(login), WARREN_AMQP_URL: await amqpUrl(vhost, login) }
    const connection = await connectAmqp(await amqpUrl(vhost))
    onTestFinished(() => connection.close())

    const running = command(['dlq', 'replay', 'email', '-y', '--rate', '10/s', file], environment)
    await until(async () => (await ready('email')) > 5, 'some to be replayed')
    const theirs = async (): Promise<{ name: string }[]> =>
      ((await api.get<{ name: string; user?: string }[]>(['connections'])) ?? []).filter(
        ({ user }) => user === login.username,
      )
    const [open] = await until(async () => ((await theirs()).length > 0 ? theirs() : undefined), 'its connection')
    await api.delete(['connections', open?.name ?? ''])
    const { code, stdout } = await running

    expect(code).toBe(7)
    expect(stdout).toMatch(/stopped .*CONNECTION_FORCED|stopped .*closed/i)
    await until(async () => (await ready('email')) + (await ready('email.dead')) >= 300, 'all to be there')
  })
})
