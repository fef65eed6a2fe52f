import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect as connectAmqp } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connect, DoNotRetry } from '../../../src/runtime/index.ts'
import { delaysRejected } from '../../../src/runtime/failure/decide-failure.ts'
import { useTopology } from '../../../src/testing/index.ts'
import { subscription } from '../../runtime/routes.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { keep, runtimeVhost } from './runtime-vhost.ts'
import { until } from '../support/until.ts'

const TOPOLOGY = `warren: 1
project: native
queues:
  email: { type: quorum, retry: { mode: native, initial: 200ms, attempts: 2 }, deadLetter: true }
publications:
  send-email: { queue: email }
subscriptions:
  emails: { queue: email }
`

async function applied() {
  const folder = await mkdtemp(join(tmpdir(), 'warren-native-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'topology.yaml')
  await writeFile(path, TOPOLOGY)
  return useTopology(path, { broker: await testBroker() })
}

const isOffered = delaysRejected((await testBroker()).version)

describe.runIf(isOffered)('retry by the broker (mode: native), from RabbitMQ 4.3.1 on', () => {
  it('waits longer each time, counts the attempts, and ends in the dead letters with the reason (pitfalls 26, 29)', async () => {
    const fixture = await applied()
    onTestFinished(() => fixture.cleanup())
    const runtime = await connect({ topology: fixture.topology, url: fixture.url(), logger: false })
    onTestFinished(() => void runtime.close({ deadline: 100 }))
    const retried = keep(runtime, 'retried')
    const tries: { attempt: number; at: number }[] = []
    await runtime.consume<string>('emails', (body, { attempt }) => {
      if (body === 'never') throw new DoNotRetry('the account is closed')
      tries.push({ attempt, at: performance.now() })
      throw new Error(`no (${attempt})`)
    })
    await runtime.publish('send-email', 'again', { messageId: 'm-1' })
    await runtime.publish('send-email', 'never', { messageId: 'm-2' })

    const connection = await connectAmqp(fixture.url())
    onTestFinished(() => connection.close())
    const channel = await connection.createChannel()
    const dead: Record<string, unknown>[] = []
    await until(async () => {
      const message = await channel.get('email.dead', { noAck: true })
      if (message) dead.push({ id: message.properties.messageId, ...message.properties.headers })
      return dead.length === 2
    }, 'both dead letters')

    expect(tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
    const waits = tries.slice(1).map(({ at }, n) => at - (tries[n]?.at ?? 0))
    expect(waits[0]).toBeGreaterThan(190)
    expect(waits[1]).toBeGreaterThan(390)
    expect(retried.map(({ attempt, delay }) => [attempt, delay])).toEqual([
      [1, 200],
      [2, 400],
    ])
    expect(dead.toSorted((one, other) => String(other['id']).localeCompare(String(one['id'])))).toMatchObject([
      { id: 'm-2', 'x-warren-reason': 'error', 'x-warren-error': 'DoNotRetry: the account is closed' },
      { id: 'm-1', 'x-warren-reason': 'error', 'x-warren-attempt': 2, 'x-warren-error': 'Error: no (3)' },
    ])
  })
})

describe.runIf(!isOffered)('retry by the broker (mode: native), before RabbitMQ 4.3.1', () => {
  it('is refused by the plan', async () => {
    await expect(applied()).rejects.toThrow(/cannot be applied: queue:.*email \(unsupported\)/)
  })

  it('is refused by the runtime, since the broker would redeliver rejected messages at once', async () => {
    const here = await runtimeVhost()
    const { exchange, last } = await here.ladder({ queue: 'email' })
    const failure = { kind: 'native', exchange, min: 1_000, max: 1_000, attempts: 1, last } as const
    const runtime = await here.connect({ subscriptions: [subscription({ failure })] })

    await expect(runtime.consume('emails', () => undefined)).rejects.toThrow(
      'use RabbitMQ 4.3.1 or newer, or leave out mode',
    )
  })
})
