import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import type { TestProject } from 'vitest/node'
import { type StartedTestBroker, startTestBroker } from './integration/support/brokers/start-test-broker.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** The address at which `testBroker` asks for the broker of the run. */
    brokerGate: string
  }
}

/**
 * Plugins and features that some kinds of objects need and not every broker has. `npx vitest` lists the tests that it
 * skips without them.
 */
const PLUGINS = [
  'rabbitmq_shovel',
  'rabbitmq_federation',
  'rabbitmq_consistent_hash_exchange',
  'rabbitmq_recent_history_exchange',
  'rabbitmq_sharding',
]

/** One broker for a run, started when the first test asks for it: a run without such a test starts none. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let broker: Promise<StartedTestBroker> | undefined
  // The path is random, so that other users of this machine cannot read the login.
  const path = `/${randomUUID()}`
  const gate = createServer((request, response) => {
    if (request.url !== path) {
      response.writeHead(404).end()
      return
    }
    broker ??= startTestBroker(PLUGINS).then(ofTheSeries)
    broker.then(
      (started) => response.end(JSON.stringify(started)),
      (error: Error & { hint?: string }) => response.writeHead(500).end(`${error.message}\n${error.hint ?? ''}`),
    )
  })
  gate.listen(0, '127.0.0.1')
  await once(gate, 'listening')
  project.provide('brokerGate', `http://127.0.0.1:${(gate.address() as AddressInfo).port}${path}`)

  return async () => {
    gate.close()
    gate.closeAllConnections()
    // The tests that requested the broker have already reported a failed start.
    await broker?.then((started) => started.stop()).catch(() => {})
  }
}

/** A run of `npm run test:matrix` is for one series of RabbitMQ, and no other broker may replace it. */
async function ofTheSeries(broker: StartedTestBroker): Promise<StartedTestBroker> {
  const series = process.env['WARREN_TEST_SERIES']
  if (series === undefined || broker.version.startsWith(`${series}.`)) return broker
  await broker.stop()
  throw new Error(`the tests are to run on RabbitMQ ${series}, and ${broker.version} was started`)
}
