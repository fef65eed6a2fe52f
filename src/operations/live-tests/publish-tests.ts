import { publishProbes } from '../../broker/amqp/probes/publish-probes.ts'
import { checkArrival, publishedBy } from '../../insight/tests/check-test.ts'
import { findMessages, type LiveOutcomes, type LivePhase, type LiveTest } from './live-phase.ts'

/** Publishes the messages of tests, and checks which queues they reach. */
export async function runPublishTests(phase: LivePhase, tests: readonly LiveTest<'publish'>[]): Promise<LiveOutcomes> {
  const probes = tests.map(({ id, subject, resolved }) => {
    const { exchange, message, mandatory } = publishedBy(subject, resolved.vhost)
    const { routingKey, headers } = message
    return { id, exchange, routingKey, ...(headers && { headers }), mandatory, body: subject.body ?? {} }
  })
  const returned = await publishProbes(phase.amqp, phase.vhost, probes)
  const found = await findMessages(phase, phase.isolated.desired)
  return new Map(
    tests.map(({ id, resolved }) => [
      id,
      checkArrival(resolved.test.expectation, found.get(id) ?? [], returned.has(id)),
    ]),
  )
}
