import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { connect, DoNotRetry, RetryAfter } from '../../../src/runtime/index.ts'
import type { Runtime } from '../../../src/runtime/index.ts'
import { createTestRuntime, useTopology } from '../../../src/testing/index.ts'
import { testBroker } from '../support/brokers/broker.ts'
import { until } from '../support/until.ts'

const TOPOLOGY = `warren: 1
project: same
exchanges:
  tasks: { type: direct }
queues:
  email:
    type: quorum
    bindings: [{ exchange: tasks, routingKey: email }]
    retry: { delays: [50ms, 100ms] }
    deadLetter: true
publications:
  send-email: { exchange: tasks, routingKey: email }
subscriptions:
  emails: { queue: email, idempotencyKey: messageId, message: { schema: ./email.json } }
`

/** Messages by id, each with a body that the handler treats differently. The last one arrives twice. */
const MESSAGES: readonly (readonly [id: string, body: unknown])[] = [
  ['fails', 'always fails'],
  ['recovers', 'fails once'],
  ['refused', 'may not be retried'],
  ['later', 'asks for a later time'],
  ['invalid', 7],
  ['done', 'succeeds'],
]

/** Consumes, and records what the handler gets for each message, and the outcome. */
async function watch(runtime: Runtime): Promise<Map<string, unknown[]>> {
  const seen = new Map(MESSAGES.map(([id]): [string, unknown[]] => [id, []]))
  const note = (id: string | undefined, what: unknown): void => void seen.get(id ?? '')?.push(what)
  runtime.on('retried', ({ messageId, attempt, reason, delay }) => note(messageId, { attempt, reason, delay }))
  runtime.on('deadLettered', ({ messageId, attempt, reason }) =>
    note(messageId, { attempt, reason, end: 'dead letter' }),
  )
  runtime.on('duplicate', ({ messageId }) => note(messageId, 'duplicate'))
  await runtime.consume<string>('emails', (body, { messageId, attempt, lastError, headers, exchange, routingKey }) => {
    note(messageId, { attempt, lastError, headers, exchange, routingKey })
    if (body === 'always fails' || (body === 'fails once' && attempt === 1)) throw new Error('the mail server is busy')
    if (body === 'may not be retried') throw new DoNotRetry('no account')
    if (body === 'asks for a later time') throw new RetryAfter(90)
  })
  return seen
}

it('treats failures in a test runtime in the same way as on a broker', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'warren-same-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'topology.yaml')
  await writeFile(path, TOPOLOGY)
  await writeFile(join(folder, 'email.json'), '{ "type": "string" }')
  const fixture = await useTopology(path, { broker: await testBroker() })
  onTestFinished(() => fixture.cleanup())
  const real = await connect({ topology: fixture.topology, url: fixture.url(), logger: false })
  onTestFinished(() => void real.close({ deadline: 1_000 }))
  const inMemory = await createTestRuntime(path)

  const played = await watch(inMemory)
  const headers = { tenant: 'a' }
  for (const [messageId, body] of [...MESSAGES, ...MESSAGES.slice(-1)]) {
    await inMemory.deliver('emails', { body, messageId, headers, exchange: 'tasks', routingKey: 'email' })
  }
  await inMemory.advance(1_000)

  const happened = await watch(real)
  for (const [messageId, body] of MESSAGES) await real.publish('send-email', body, { messageId, headers })
  await until(() => happened.get('done')?.length === 1, 'the first delivery')
  await real.publish('send-email', 'succeeds', { messageId: 'done', headers })
  const count = (notes: Map<string, unknown[]>): number => [...notes.values()].flat().length
  await until(() => count(happened) === count(played), 'as many events as in memory')
  expect(happened).toEqual(played)
})
