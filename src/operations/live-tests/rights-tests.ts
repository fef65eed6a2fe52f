import { consumedQueues, coordinationQueues } from '../../model/routes.ts'
import { askRights, type TriedRight } from '../../broker/amqp/probes/ask-rights.ts'
import { judgeRights, samplePublish, type TestOutcome } from '../../insight/tests/check-test.ts'
import type { LiveOutcomes, LivePhase, LiveTest } from './live-phase.ts'

/** Publishes and consumes as the users of tests, and checks what the broker allows. */
export async function runRightsTests(phase: LivePhase, tests: readonly LiveTest<'user'>[]): Promise<LiveOutcomes> {
  const outcomes = new Map<string, TestOutcome>()
  for (const each of tests) outcomes.set(each.id, await runOne(phase, each))
  return outcomes
}

async function runOne({ amqp, vhost, isolated }: LivePhase, { subject, resolved }: LiveTest<'user'>) {
  const { expectation } = resolved.test
  const login = isolated.users.get(subject.user.name)
  if (expectation.kind !== 'rights' || login === undefined) return { status: 'unknown', because: [] } as const
  const names = [...expectation.can.publish, ...expectation.cannot.publish].map(({ name }) => name)
  const publishes = names.flatMap((name) => {
    const sample = samplePublish(name, resolved.vhost)
    if (sample === undefined) return []
    const { publication, message } = sample
    const probe = { id: 'rights', exchange: publication.exchange, mandatory: false, ...message }
    return [{ key: `publish ${name}`, right: { kind: 'publish', probe } satisfies TriedRight }]
  })
  const subscriptions = [...expectation.can.consume, ...expectation.cannot.consume].map(({ name }) => name)
  const consumes = subscriptions.flatMap((name) => {
    const found = resolved.vhost.routes.subscriptions.find((each) => each.name === name)
    if (found === undefined) return []
    return [...consumedQueues(found), ...coordinationQueues(found)].map((queue) => ({
      key: `consume ${name}`,
      right: { kind: 'consume', queue } satisfies TriedRight,
    }))
  })
  const tried = [...publishes, ...consumes]
  const target = { ...amqp.target, user: login.name, password: login.password }
  const answers = await askRights(
    target,
    vhost,
    tried.map(({ right }) => right),
  )
  const allowed = new Map<string, boolean | undefined>()
  for (const [index, { key }] of tried.entries()) {
    const answer = answers[index]
    // A route needs all of its queues.
    allowed.set(key, allowed.get(key) === false ? false : answer)
  }
  const rightOf = (key: string) => {
    const answer = allowed.get(key)
    return answer === undefined ? 'unknown' : answer ? 'allowed' : 'refused'
  }
  return judgeRights(subject.user.name, expectation, {
    publish: (name) => rightOf(`publish ${name}`),
    consume: (name) => rightOf(`consume ${name}`),
  })
}
