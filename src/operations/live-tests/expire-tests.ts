import { setTimeout as sleep } from 'node:timers/promises'
import { publishProbes } from '../../broker/amqp/probes/publish-probes.ts'
import { checkEnding, type Ending, type TestOutcome } from '../../insight/tests/check-test.ts'
import type { RoutedVhost } from '../../insight/routing/routed-vhost.ts'
import type { Topology } from '../../model/topology.ts'
import { findMessages, type LiveOutcomes, type LivePhase, type LiveTest, queuesIn } from './live-phase.ts'

/** How often queues are counted, in milliseconds. */
const PAUSE = 200
/**
 * Messages that have not moved for this time, in addition to the longest time to live, count as arrived. In
 * milliseconds.
 */
const REST = 1_000
/** The maximum delay until a stream counts a message, in milliseconds (measured on 3.10, 4.0 and 4.3). */
const STREAM_LAG = 1_500
/** Messages that still move after this time count as circling without end. In milliseconds. */
const LONGEST = 20_000

/** Puts messages into queues, waits until no message expires any more, and checks where the messages are. */
export async function runExpireTests(phase: LivePhase, tests: readonly LiveTest<'expire'>[]): Promise<LiveOutcomes> {
  const { amqp, vhost, isolated } = phase
  const { topology } = isolated.desired
  for (const { id, subject } of tests) {
    const { name } = subject.queue
    // Only a fanout exchange puts a message with any routing key into one queue.
    const exchange = `warren-test-${id}`
    await amqp.withChannel(vhost, `declaring exchange ${exchange}`, async (channel) => {
      await channel.assertExchange(exchange, 'fanout', { durable: true })
      await channel.bindQueue(name, exchange, '')
    })
    await publishProbes(amqp, vhost, [{ id, exchange, routingKey: subject.routingKey ?? name, mandatory: false }])
  }
  await rest(phase, topology)
  const found = await findMessages(phase, isolated.desired)
  return new Map(
    tests.map(({ id, resolved }): [string, TestOutcome] => {
      const ending = endingOf(found.get(id) ?? [], resolved.vhost)
      return [id, checkEnding(resolved.test.expectation, ending, [])]
    }),
  )
}

/** A message that is in a queue for longer than its time to live has returned to it several times. */
function endingOf(queues: readonly string[], { model }: RoutedVhost): Ending {
  if (queues.length === 0) return { kind: 'lost', why: 'it is in no queue' }
  const expires = (queue: string) => model.settings(queue)?.options.some((each) => each.messageTtl !== undefined)
  return queues.some(expires) ? { kind: 'lost', why: 'it circles without end' } : { kind: 'queues', queues }
}

async function rest({ amqp, vhost, signal }: LivePhase, topology: Topology): Promise<void> {
  const queues = queuesIn(topology.queues, vhost)
  const longest = Math.max(0, ...timesToLive(topology))
  const quiet = longest + REST + (queues.some(({ isStream }) => isStream) ? STREAM_LAG : 0)
  const begin = performance.now()
  let [counts, since] = ['', begin]
  while (performance.now() - since < quiet && performance.now() - begin < LONGEST) {
    await sleep(PAUSE, undefined, signal && { signal })
    const now = await Promise.all(
      queues.map(({ name }) =>
        amqp.ask(vhost, `counting queue ${name}`, async (channel) => (await channel.checkQueue(name)).messageCount),
      ),
    )
    const text = JSON.stringify(now)
    if (text === counts) continue
    counts = text
    since = performance.now()
  }
}

function timesToLive({ queues, policies, operatorPolicies }: Topology): number[] {
  return [
    ...queues.map((each) => each.arguments['x-message-ttl']),
    ...[...policies, ...operatorPolicies].map(({ definition }) => definition['message-ttl']),
  ].filter((each) => typeof each === 'number')
}
