import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { test } from '../../../src/operations/insight/test.ts'
import { delaysRejected } from '../../../src/runtime/failure/decide-failure.ts'
import { freshName, freshUser, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

const TOPOLOGIES = join(import.meta.dirname, '../../../topologies')

/** The vhosts and users whose names begin with a string. */
async function namesOnBroker(start: string): Promise<string[]> {
  const { api } = await testBroker()
  const lists = (await Promise.all([api.get(['vhosts']), api.get(['users'])])) as unknown as { name: string }[][]
  return lists.flat().flatMap(({ name }) => (name.startsWith(start) ? [name] : []))
}

it('warren test --live passes the tests of all examples', async () => {
  const examples = (await readdir(TOPOLOGIES)).filter((name) => /(?<!\.test)\.yaml$/.test(name))

  for (const name of examples) {
    const { stdout, stderr } = await warren(['test', '--no-config', join(TOPOLOGIES, name), '--live'])
    expect({ name, stdout, stderr }).toEqual({
      name,
      stdout: expect.stringMatching(/^[1-9]\d* passed, 0 failed$/m),
      stderr: '',
    })
  }
})

/** Retries by the broker, which RabbitMQ offers from 4.3.1 on. */
const NATIVE_QUEUE = `  native: { type: quorum, retry: { mode: native, initial: 1h, attempts: 2 }, deadLetter: true }
`
const NATIVE_TESTS = `  retried by the broker: { fail: { subscription: natives }, passes: [1h, 2h], endsIn: native.dead }
  retried by the broker otherwise: { fail: { subscription: natives }, passes: [1h, 1h], endsIn: native.dead }
`

/** For each kind of outcome, one expectation that is met and one that is not. */
const topologyIn = (name: string, native: boolean) => `warren: 1
project: shop
vhost: ${name}
exchanges:
  events: { type: topic, alternateExchange: lost }
  lost: { type: fanout }
  silent: { type: direct }
queues:
  work: { type: quorum, bindings: [{ exchange: events, routingKey: work.# }], retry: { delays: [1h, 1m, 1h] }, deadLetter: true }
  kept: { type: classic, bindings: [{ exchange: lost }] }
  log: { type: stream, bindings: [{ exchange: events, routingKey: '#.logged' }] }
  brief: { type: classic, messageTtl: 1d, maxLength: 1, arguments: { x-dead-letter-exchange: events, x-dead-letter-routing-key: work.late } }
  round: { type: classic, messageTtl: 5s, arguments: { x-dead-letter-exchange: '', x-dead-letter-routing-key: round } }
  limited: { type: quorum, deliveryLimit: 3, arguments: { x-dead-letter-exchange: lost } }
  dropped: { type: classic, arguments: { x-dead-letter-exchange: lost } }
${native ? NATIVE_QUEUE : ''}publications:
  work-done: { exchange: events, routingKey: work.done }
  unheard: { exchange: silent, routingKey: nothing, mandatory: false }
subscriptions:
  works: { queue: work }
  limits: { queue: limited, onFailure: requeue }
  drops: { queue: dropped, onFailure: discard }
  stops: { queue: kept, onFailure: stop }
${native ? '  natives: { queue: native }\n' : ''}users:
  ${name}: { password: secret, can: { publish: [work-done], consume: [works] } }
`
const testsOf = (name: string, native: boolean) => `warrenTests: 1
tests:
  reaches: { publish: { exchange: events, routingKey: work.is.logged }, reaches: [log, work] }
  reaches others: { publish: { exchange: events, routingKey: work.is.logged }, reaches: [work] }
  the alternate exchange: { publish: { exchange: events, routingKey: other }, reaches: { oneOf: [kept, log] } }
  not one of: { publish: { exchange: events, routingKey: work.is.logged }, reaches: { oneOf: [log, work] } }
  returned: { publish: { exchange: silent }, returned: true }
  not returned: { publish: { publication: unheard }, returned: true }
  lost: { publish: { publication: unheard }, lost: true }
  not lost: { publish: { publication: work-done }, lost: true }
  retried: { fail: { subscription: works }, passes: [1h, 1m, 1h], endsIn: work.dead }
  retried otherwise: { fail: { subscription: works }, passes: [1m, 1h, 1h], endsIn: work.dead }
  dead elsewhere: { fail: { subscription: works }, endsIn: kept }
  to the limit: { fail: { subscription: limits }, endsIn: kept }
  discarded: { fail: { subscription: drops }, lost: true }
  not discarded: { fail: { subscription: drops }, endsIn: kept }
  stopped: { fail: { subscription: stops }, passes: [], endsIn: kept }
  expires: { expire: { queue: brief }, endsIn: work }
  expires elsewhere: { expire: { queue: brief }, endsIn: kept }
  a delay: { expire: { queue: work.retry.1m }, endsIn: work }
  round and round: { expire: { queue: round }, lost: true }
${native ? NATIVE_TESTS : ''}  never expires: { expire: { queue: log }, endsIn: log }
  may: { user: ${name}, can: { publish: work-done, consume: works }, cannot: { consume: stops, publish: unheard } }
  may not: { user: ${name}, can: { consume: stops } }
  may more: { user: ${name}, cannot: { publish: work-done } }
  of an old version: { brokerVersion: '3.9', publish: { exchange: silent }, returned: true }
`

async function examples() {
  const name = freshName('live')
  const native = delaysRejected((await testBroker()).version)
  const folder = await files({
    'topology.yaml': topologyIn(name, native),
    'topology.test.yaml': testsOf(name, native),
  })
  return { name, native, folder }
}

it('warren test --live fails where the model fails, skips tests about other versions, and leaves nothing', async () => {
  const { name: own, native, folder } = await examples()
  const { version } = await testBroker()
  const outcomes = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await warren(
      ['test', 'topology.yaml', '--no-config', '--format', 'json', ...args],
      { folder },
    )
    expect({ code, stderr }).toEqual({ code: 2, stderr: '' })
    const [{ tests }] = JSON.parse(stdout).files
    return tests.map(({ name, outcome }: { name: string; outcome: { status: string } }) => [name, outcome.status])
  }

  const offline = await outcomes('--broker-version', version)
  const live = await outcomes('--live')
  expect(live).toEqual([...offline.slice(0, -1), ['of an old version', 'skipped']])
  expect(await namesOnBroker(own)).toEqual([])
  expect(live.filter(([, status]: [string, string]) => status === 'failed')).toHaveLength(native ? 11 : 10)
})

it('warren test --live refuses a login that is not an administrator, before it creates anything', async () => {
  const { folder } = await examples()
  const reader = await freshUser({ tags: 'monitoring,policymaker', permissions: {} })

  expect(
    await warren(['test', 'topology.yaml', '--live'], {
      folder,
      environment: { WARREN_URL: await managementUrl(reader) },
    }),
  ).toMatchObject({ code: 6, stderr: expect.stringContaining('is not an administrator') })
})

it('live tests that are interrupted delete what they created', async () => {
  const { name, folder } = await examples()
  const { managementUrl: url, username: user, password } = await testBroker()
  const stop = new AbortController()
  const running = test({
    files: { paths: [join(folder, 'topology.yaml')] },
    live: { connection: { url, user, password: new Secret(password) }, signal: stop.signal },
  })
  const failure = running.then(
    () => undefined,
    (error: unknown) => error,
  )
  await until(async () => (await namesOnBroker(name)).length > 0, 'a throw-away vhost')
  stop.abort()

  expect(await failure).toMatchObject({ code: 'INTERRUPTED' })
  expect(await namesOnBroker(name)).toEqual([])
})
