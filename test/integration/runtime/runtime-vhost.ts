import { connect as connectAmqp } from 'amqplib'
import type { ConfirmChannel, GetMessage } from 'amqplib'
import { onTestFinished } from 'vitest'
import type { FailureRule, Publication, RetryDelay, Routes, Subscription } from '../../../src/model/routes.ts'
import { connect } from '../../../src/runtime/index.ts'
import type {
  ConnectOptions,
  Runtime,
  RouteTypes,
  RuntimeEventName,
  RuntimeEvents,
} from '../../../src/runtime/index.ts'
import { publication, subscription } from '../../runtime/routes.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { until } from '../support/until.ts'

/** A queue with its retry ladder, as `warren apply` creates it. */
export interface Ladder {
  readonly queue: string
  readonly type?: 'quorum' | 'classic'
  /** In milliseconds. */
  readonly delays?: readonly number[]
  /** `then: discard` instead of a dead-letter queue. */
  readonly discard?: boolean
}

/**
 * A virtual host of one test, and functions with which the test inspects it: they use amqplib alone, not the code
 * under test.
 */
export interface RuntimeVhost {
  readonly vhost: string
  readonly url: string
  readonly channel: ConfirmChannel
  /** Creates an exchange `tasks`, the queue bound to it by its own name, and its ladder. Returns the failure rule. */
  ladder(ladder: Ladder): Promise<Extract<FailureRule, { kind: 'ladder' }>>
  /** A runtime that is closed at the end of the test. */
  connect<Types extends RouteTypes = RouteTypes>(
    routes: Partial<Routes>,
    options?: Partial<ConnectOptions>,
  ): Promise<Runtime<Types>>
  /** Takes a message from a queue, as soon as there is one. */
  take(queue: string): Promise<GetMessage>
  /** The number of ready messages. */
  ready(queue: string): Promise<number>
}

export async function runtimeVhost(): Promise<RuntimeVhost> {
  const vhost = await freshVhost()
  const url = await amqpUrl(vhost)
  const connection = await connectAmqp(url)
  onTestFinished(() => connection.close())
  const channel = await connection.createConfirmChannel()
  await channel.assertExchange('tasks', 'direct')

  async function ready(queue: string): Promise<number> {
    return (await channel.checkQueue(queue)).messageCount
  }

  return {
    vhost,
    url,
    channel,
    ready,
    ladder: (ladder) => makeLadder(channel, ladder),
    async connect<Types extends RouteTypes>(routes: Partial<Routes>, options: Partial<ConnectOptions> = {}) {
      const topology = { routes: onVhost(routes, vhost) }
      const runtime = await connect<Types>({ topology, url, logger: false, ...(options as object) })
      onTestFinished(async () => {
        await runtime.close({ deadline: 100 })
      })
      return runtime
    },
    async take(queue) {
      return until(async () => (await channel.get(queue, { noAck: true })) || undefined, `a message in ${queue}`)
    },
  }
}

function onVhost(routes: Partial<Routes>, vhost: string): Routes {
  return {
    publications: (routes.publications ?? []).map((each) => ({ ...each, vhost })),
    subscriptions: (routes.subscriptions ?? []).map((each) => ({ ...each, vhost })),
  }
}

async function makeLadder(
  channel: ConfirmChannel,
  { queue, type = 'quorum', delays = [], discard = false }: Ladder,
): Promise<Extract<FailureRule, { kind: 'ladder' }>> {
  const failed = `${queue}.failed`
  const quorum = type === 'quorum'
  await channel.assertExchange(failed, 'direct')
  await channel.assertQueue(queue, {
    arguments: {
      'x-queue-type': type,
      ...(!discard && { 'x-dead-letter-exchange': failed, 'x-dead-letter-routing-key': 'dead' }),
      ...(quorum && !discard && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
      ...(quorum && discard && { 'x-delivery-limit': 1_000_000 }),
    },
  })
  await channel.bindQueue(queue, 'tasks', queue)
  await channel.bindQueue(queue, failed, 'back')
  if (!discard) {
    await channel.assertQueue(`${queue}.dead`, {
      arguments: { 'x-queue-type': type, ...(quorum && { 'x-delivery-limit': 1_000_000 }) },
    })
    await channel.bindQueue(`${queue}.dead`, failed, 'dead')
  }
  const steps = delays.map((delay): RetryDelay => {
    const routingKey = delay === 0 ? 'back' : `${delay}ms`
    return { delay, routingKey, queue: delay === 0 ? queue : `${queue}.retry.${delay}ms` }
  })
  for (const step of steps.filter(({ delay }) => delay > 0)) {
    await channel.assertQueue(step.queue, {
      arguments: {
        'x-queue-type': type,
        'x-message-ttl': step.delay,
        'x-dead-letter-exchange': failed,
        'x-dead-letter-routing-key': 'back',
        ...(quorum && { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' }),
      },
    })
    await channel.bindQueue(step.queue, failed, step.routingKey)
  }
  return {
    kind: 'ladder',
    exchange: failed,
    delays: steps,
    last: discard ? 'discard' : { exchange: failed, routingKey: 'dead' },
  }
}

/** The publication to `tasks` with the queue's name, and the subscription to the queue. */
export function routesOf(queue: string, failure: FailureRule, overrides: Partial<Subscription> = {}): Routes {
  return {
    publications: [send(queue)],
    subscriptions: [subscription({ name: `${queue}s`, queue, failure, ...overrides })],
  }
}

export function send(queue: string, overrides: Partial<Publication> = {}): Publication {
  return publication({ name: `send-${queue}`, routingKey: queue, ...overrides })
}

/** Records the events of one kind. */
export function keep<N extends RuntimeEventName>(runtime: Runtime, name: N): RuntimeEvents[N][] {
  const kept: RuntimeEvents[N][] = []
  runtime.on(name, (event) => kept.push(event))
  return kept
}

/** A login with all rights for one runtime, so that a test can close the connections of this runtime alone. */
export async function ownLogin(vhost: string): Promise<{
  login: { username: string; password: string }
  url: string
  /** Waits until the broker lists this many connections, which it does a moment after they open, and closes them. */
  closeConnections: (count: number) => Promise<void>
}> {
  const { api } = await testBroker()
  const login = await freshUser({ permissions: { [vhost]: { configure: '', write: '.*', read: '.*' } } })
  const path = ['connections', 'username', login.username]
  const closeConnections = async (count: number): Promise<void> => {
    await until(async () => ((await api.get<unknown[]>(path)) ?? []).length >= count, `${count} connections`)
    await api.delete(path)
  }
  return { login, url: await amqpUrl(vhost, login), closeConnections }
}
