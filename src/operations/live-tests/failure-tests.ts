import { setTimeout as sleep } from 'node:timers/promises'
import { textOf } from '../../model/secrets/secret.ts'
import { publishProbes } from '../../broker/amqp/probes/publish-probes.ts'
import { returnUntilGone } from '../../broker/amqp/probes/return-until-gone.ts'
import type { AmqpTarget } from '../../broker/amqp/connections/amqp-target.ts'
import { compiledTopology } from '../../desired/load/compiled-topology.ts'
import { checkEnding, type Ending, type TestOutcome } from '../../insight/tests/check-test.ts'
import { hostInUrl } from '../../model/amqp/amqp-address.ts'
import { consumedQueues, type Subscription } from '../../model/routes.ts'
import { findMessages, type LiveOutcomes, type LivePhase, type LiveTest } from './live-phase.ts'
import { keyOf, type ScaledDelays } from './test-durations.ts'

/** A message to which nothing has happened for this time counts as lost. In milliseconds; the longest delay is 3 s. */
const PATIENCE = 8_000

/** The history of a message so far. */
interface Watched {
  readonly delays: number[]
  /** The final outcome of its subscription; absent before that. */
  end?: 'moved' | 'stopped' | { readonly lost: string }
}

/**
 * Runs handlers that always fail in the runtime, and checks the retries of their messages and where the messages are.
 *
 * @param scaled the delays of the subscriptions on the broker, by their declared ones
 */
export async function runFailureTests(
  phase: LivePhase,
  tests: readonly LiveTest<'fail'>[],
  scaled: ReadonlyMap<string, ScaledDelays>,
): Promise<LiveOutcomes> {
  const watched = new Map(tests.map(({ id }): [string, Watched] => [id, { delays: [] }]))
  const subscriptions = tests.map(({ resolved, subject }) => subscriptionOf(resolved.vhost.routes, subject))
  const isReturned = subscriptions.map((each) => limitOfReturns(each) !== undefined)
  await consumeAll(
    phase,
    tests.filter((_, index) => !isReturned[index]),
    subscriptions.filter((_, index) => !isReturned[index]),
    watched,
  )
  for (const [index, { id }] of tests.entries()) await returnToLimit(phase, id, subscriptions[index])
  const found = await findMessages(phase, phase.isolated.desired)
  return new Map(
    tests.map(({ id, resolved }, index): [string, TestOutcome] => {
      const subscription = subscriptions[index]
      const { end, delays } = watched.get(id) ?? { delays: [] }
      const declared = scaled.get(keyOf(resolved.vhost.name, subscription?.name ?? ''))
      const passed = delays.map((each) => declaredDelay(declared, each))
      const ending = endingOf(end, found.get(id) ?? [])
      return [id, checkEnding(resolved.test.expectation, ending, passed)]
    }),
  )
}

function subscriptionOf(
  { subscriptions }: { readonly subscriptions: readonly Subscription[] },
  subject: LiveTest<'fail'>['subject'],
) {
  return subscriptions.find(({ name }) => name === subject.subscription.name)
}

/** How often a queue redelivers a message before it drops or dead-letters it, if it has such a limit. */
function limitOfReturns(subscription: Subscription | undefined): number | undefined {
  const failure = subscription?.failure
  return failure?.kind === 'onFailure' && failure.action === 'requeue' ? failure.deliveryLimit : undefined
}

/**
 * Returns the message as often as consumers would in a long time, because the runtime holds a message for minutes
 * before it requeues it.
 */
async function returnToLimit({ amqp, vhost }: LivePhase, id: string, subscription: Subscription | undefined) {
  const limit = limitOfReturns(subscription)
  if (subscription === undefined || limit === undefined) return
  const [queue = subscription.queue] = consumedQueues(subscription)
  await publishProbes(amqp, vhost, [{ id, exchange: '', routingKey: queue, mandatory: true }])
  await returnUntilGone(amqp, vhost, queue, limit + 5)
}

function endingOf(end: Watched['end'], queues: readonly string[]): Ending {
  if (typeof end === 'object') return { kind: 'lost', why: end.lost }
  return queues.length > 0 ? { kind: 'queues', queues } : { kind: 'lost', why: 'it is in no queue' }
}

function declaredDelay(scaled: ScaledDelays | undefined, delay: number): number {
  return [...(scaled ?? [])].find(([, quick]) => quick === delay)?.[0] ?? delay
}

async function consumeAll(
  { amqp, vhost, isolated, signal }: LivePhase,
  tests: readonly LiveTest<'fail'>[],
  subscriptions: readonly (Subscription | undefined)[],
  watched: ReadonlyMap<string, Watched>,
): Promise<void> {
  if (tests.length === 0) return
  // Only live tests of failures load the runtime.
  const { connect } = await import('../../runtime/connect.ts')
  let [changed, isOver] = [performance.now(), false]
  const update = (id: string | undefined, apply: (each: Watched) => void) => {
    const each = id === undefined ? undefined : watched.get(id)
    if (each === undefined || each.end !== undefined) return
    apply(each)
    changed = performance.now()
  }
  const own = new Map(tests.map(({ id }, index) => [id, subscriptions[index]?.name] as const))
  const byName = new Map(subscriptions.flatMap((each) => (each ? [[each.name, each] as const] : [])))
  const runtime = await connect({
    topology: compiledTopology(isolated.desired),
    url: urlOf(amqp.target),
    vhost,
    routes: [...byName.keys()],
    logger: false,
    idempotency: false,
    ...(amqp.target.tls && { tls: amqp.target.tls }),
    on: {
      retried: ({ messageId, delay, subscription }) => {
        update(messageId, (each) => {
          // The runtime would run the handler again and again.
          if (byName.get(subscription)?.failure.kind === 'onFailure') each.end = { lost: 'it is requeued without end' }
          else each.delays.push(delay)
        })
      },
      deadLettered: ({ messageId }) => update(messageId, (each) => (each.end = 'moved')),
      discarded: ({ messageId }) => update(messageId, (each) => (each.end = { lost: 'the subscription discards it' })),
      held: ({ messageId, because }) => update(messageId, (each) => (each.end = { lost: because.message })),
      consumerStopped: ({ subscription }) => {
        for (const [id, name] of own) if (name === subscription) update(id, (each) => (each.end = 'stopped'))
      },
    },
  })
  try {
    for (const { name, queueType } of byName.values()) {
      await runtime.consume(
        name,
        async (_body, { messageId }) => {
          // A message of another test, which remains in the queue.
          if (own.get(messageId ?? '') !== name) await new Promise<never>(() => undefined)
          throw new Error('this handler always fails')
        },
        { prefetch: 200, concurrency: 200, ...(queueType === 'stream' && { offset: { kind: 'first' } }) },
      )
    }
    const probes = tests.flatMap(({ id }, index) => {
      const subscription = subscriptions[index]
      if (subscription === undefined) return []
      const [queue = subscription.queue] = consumedQueues(subscription)
      return [{ id, exchange: '', routingKey: queue, mandatory: true }]
    })
    await publishProbes(amqp, vhost, probes)
    changed = performance.now()
    while (!isOver) {
      await sleep(50, undefined, signal && { signal })
      const isDone = [...watched.values()].every(({ end }) => end !== undefined)
      isOver = isDone || performance.now() - changed > PATIENCE
    }
  } finally {
    await runtime.close({ deadline: 0 })
  }
}

function urlOf({ protocol, hostname, port, user, password }: AmqpTarget): string {
  return `${protocol}://${encodeURIComponent(user)}:${encodeURIComponent(textOf(password))}@${hostInUrl(hostname)}:${port}`
}
