import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readDefinitions } from '../../../src/broker/live/read-definitions.ts'
import type { Topology } from '../../../src/model/topology.ts'
import type { NotExported } from '../../../src/model/not-exported.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { withoutNotExported } from '../../../src/plan/compare/without-not-exported.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { brokerTopology } from '../../builders/arbitrary/arbitrary-broker.ts'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { converge, planLive, withClient } from '../support/converge.ts'
import { everyKind } from '../support/cases/every-kind.ts'
import { placed } from '../support/placed.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'
import { warren } from '../support/warren-in-process.ts'

const FILES = { paths: [], count: 0, overlays: [] }

/**
 * The name is always the same, because the broker stores the name of a global parameter as an atom and never forgets
 * it.
 */
const PARAMETER = 'warren-definitions'

/** The parts that an export of the broker of the run lacks, for a whole broker and for one vhost. */
async function lacking(): Promise<Record<'whole' | 'one', NotExported[]>> {
  const { version } = await testBroker()
  const whole: NotExported[] = isAtLeast(version, '4.2.9')
    ? ['internal-exchanges']
    : isAtLeast(version, '3.13.4')
      ? []
      : ['vhost-metadata']
  return { whole, one: ['users', 'permissions', 'topic-permissions', 'global-parameters', ...whole] }
}

/** Plans a topology against the current export of the broker, and against the broker itself. */
async function bothPlans(desired: Topology, vhosts: string[], path: string[] = ['definitions']) {
  const { api } = await testBroker()
  const read = readDefinitions(await api.get(path), { path: 'definitions.json', vhosts })
  if ('finding' in read) throw new Error(JSON.stringify(read.finding))
  const compared = withoutNotExported(desired, read.live.topology, read.notExported)
  return {
    notExported: compared.notExported,
    fromFile: makePlan({ project: 'test', files: FILES, desired: compared.desired, live: read.live }),
    fromBroker: await withClient((client) => planLive(client, compared.desired)),
    ofAll: await withClient((client) => planLive(client, desired)),
  }
}

/**
 * The content that both plans have in common. It excludes the address of the broker, the numbers of messages and of
 * undeclared internal exchanges, properties of a vhost that are not compared, and secrets. It also excludes other
 * administrators: a file does not contain the login of a plan, and other tests create some.
 */
function comparable({ changes, blocks, unknowns, notes, unchanged, digest }: Plan): unknown {
  const compared = changes.map((change) => (change.kind === 'vhost' ? { ...change, before: undefined } : change))
  const shared = notes.filter(({ note }) => note !== 'unmanaged-administrators')
  const text = JSON.stringify({ changes: compared, blocks, unknowns, notes: shared, unchanged, digest })
  return JSON.parse(text, (key, value: unknown) => (key === 'messages' ? undefined : value))
}

async function fresh() {
  const { api } = await testBroker()
  const name = await freshVhost()
  const login = freshName('user')
  onTestFinished(async () => {
    await api.delete(['users', login])
    await api.delete(['global-parameters', PARAMETER])
  })
  return { api, name, login, desired: everyKind({ name, login, parameter: PARAMETER }) }
}

// One after the other: they share the one global parameter.
describe.sequential('definitions that the broker exported', () => {
  it('give the same plan as the live broker, and name the data that the export lacks', async () => {
    const { name, desired } = await fresh()
    await withClient((client) => converge(client, desired))

    for (const [path, which] of [
      [['definitions'], 'whole'],
      [['definitions', name], 'one'],
    ] as const) {
      const { notExported, fromFile, fromBroker } = await bothPlans(desired, [name], [...path])
      expect(fromFile).toMatchObject({ changes: [], blocks: [], unknowns: [] })
      expect(comparable(fromFile)).toEqual(comparable(fromBroker))
      expect(notExported.map(({ what }) => what)).toEqual((await lacking())[which])
    }
  })

  it('give the same plan as the live broker even after a drift', async () => {
    const { api, name, login, desired } = await fresh()
    await withClient((client) => converge(client, desired))
    await api.delete(['queues', name, 'classic'])
    await api.delete(['exchanges', name, 'direct'])
    await api.put(['exchanges', name, 'direct'], { type: 'topic', durable: true })
    await api.post(['bindings', name, 'e', 'headers', 'q', 'stream'], { routing_key: '', arguments: { pages: 3.5 } })
    await api.put(['permissions', name, login], { configure: '', write: '', read: '' })
    await api.put(['topic-permissions', name, login], { exchange: 'topic', write: '', read: '' })
    await api.put(['users', login], { password: 'another', tags: 'policymaker' })
    await api.put(['user-limits', login, 'max-channels'], { value: 9 })
    await api.put(['vhost-limits', name, 'max-queues'], { value: 49 })
    await api.put(['policies', name, 'p'], { pattern: '', 'apply-to': 'all', definition: { 'max-length': 5 } })
    await api.delete(['operator-policies', name, 'o'])
    await api.put(['global-parameters', PARAMETER], { value: { uri: 'amqp://joe:other@mq.example' } })

    const { fromFile, fromBroker } = await bothPlans(desired, [name])

    expect(fromFile.changes.map(({ kind }) => kind)).toEqual([
      'vhost',
      'permission',
      'exchange',
      'topic-permission',
      'policy',
      'operator-policy',
      'queue',
      'binding',
      'binding',
      'user',
      'global-parameter',
    ])
    expect(comparable(fromFile)).toEqual(comparable(fromBroker))
    const one = await bothPlans(desired, [name], ['definitions', name])
    expect(comparable(one.fromFile)).toEqual(comparable(one.fromBroker))
  })

  it('name the declared objects that could not be compared', async () => {
    const { name, login, desired } = await fresh()
    await withClient((client) => converge(client, desired))
    const { version } = await testBroker()

    const { notExported } = await bothPlans(desired, [name], ['definitions', name])

    expect(notExported).toEqual([
      { what: 'users', addresses: [`user:${login}`] },
      { what: 'permissions', addresses: [`permission:${name}/${login}`] },
      { what: 'topic-permissions', addresses: [`topic-permission:${name}/${login}/topic`] },
      { what: 'global-parameters', addresses: [`global-parameter:${PARAMETER}`] },
      ...(isAtLeast(version, '4.2.9')
        ? [{ what: 'internal-exchanges', addresses: [`exchange:${name}/hidden`] }]
        : isAtLeast(version, '3.13.4')
          ? []
          : [{ what: 'vhost-metadata', addresses: [`vhost:${name}`] }]),
    ])
  })

  it('of a broker without the vhost give a plan to create everything, including internal exchanges', async () => {
    const { name, desired } = await fresh()
    const { api } = await testBroker()
    await api.delete(['vhosts', name])

    const { notExported, fromFile, ofAll } = await bothPlans(desired, [name])

    expect(notExported.flatMap(({ addresses }) => addresses)).toEqual([])
    expect(comparable(fromFile)).toEqual(comparable(ofAll))
    expect(fromFile.changes.every(({ action }) => action === 'create')).toBe(true)
  })

  const { seed, numRuns, timeout } = propertyRuns(5)
  it('give the same plan as the live broker for any two topologies', { timeout }, async () => {
    const { version, api } = await testBroker()
    const topologies = brokerTopology(version)
    process.stdout.write(`Random definitions of RabbitMQ ${version}: WARREN_PROPERTY_SEED=${seed}\n`)
    await fc.assert(
      fc.asyncProperty(topologies, topologies, async (one, other) => {
        const name = freshName('vhost')
        const [first, second] = [one, other].map((each) => placed(each, name, `${name}-`, 'warren-property '))
        if (first === undefined || second === undefined) throw new Error('there are two')
        try {
          await withClient((client) => converge(client, first))
          for (const desired of [first, second]) {
            const { fromFile, fromBroker } = await bothPlans(withoutHidden(desired, first), [name])
            expect(comparable(fromFile)).toEqual(comparable(fromBroker))
          }
        } finally {
          await api.delete(['vhosts', name])
          for (const user of first.users) await api.delete(['users', user.name])
          for (const each of first.globalParameters) await api.delete(['global-parameters', each.name])
        }
      }),
      { seed, numRuns, endOnFailure: true },
    )
  })

  it('can replace the broker in a plan on the command line', async () => {
    const { api, name } = await fresh()
    await api.put(['queues', name, 'audit'], { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    await api.put(['exchanges', name, 'events'], { type: 'topic', durable: true, internal: false })
    const folder = await files({
      'topology.yaml': `warren: 1\nproject: test\nvhost: ${name}\nexchanges:\n  events: { type: topic }\nqueues:\n  audit:\n    type: quorum\n    bindings: [{ exchange: events, routingKey: "#" }]\n`,
    })
    await writeFile(join(folder, 'definitions.json'), JSON.stringify(await api.get(['definitions'])))
    const { version } = await testBroker()
    const nowhere = { WARREN_URL: 'http://127.0.0.1:1' }
    const plan = (...options: string[]) =>
      warren(['plan', 'topology.yaml', '--against', 'definitions.json', ...options], { folder, environment: nowhere })

    const text = await plan('--detailed-exitcode')
    expect(text).toMatchObject({ code: 2, stderr: '' })
    expect(text.stdout).toContain(`Against  definitions.json (RabbitMQ ${version}`)
    expect(text.stdout).toContain('+ binding  events -> audit [#]')
    expect(text.stdout).toMatch(/Not exported by definitions\.json, and so not compared\n/)
    expect(text.stdout).toMatch(/Summary {2}1 to create, 3 unchanged\nDigest/)

    const json = JSON.parse((await plan('--format', 'json')).stdout) as Plan
    expect(json).toMatchObject({
      broker: { version, url: '' },
      against: {
        path: 'definitions.json',
        notExported: (await lacking()).whole.map((what) => ({ what, addresses: [] })),
      },
      changes: [{ action: 'create', address: `binding:${name}/events/queue/audit/%23` }],
    })
    expect(await plan('--url', 'http://mq.example:15672')).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('--url needs a broker, and --against does not use one'),
    })
  })
})

/**
 * Without the exchanges that are internal only on the broker, because some versions do not export internal exchanges.
 */
function withoutHidden(desired: Topology, live: Topology): Topology {
  const hidden = new Set(live.exchanges.filter(({ internal }) => internal).map(({ name }) => name))
  return { ...desired, exchanges: desired.exchanges.filter(({ name, internal }) => internal || !hidden.has(name)) }
}
