import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { readLive } from '../../../src/broker/live/read-live.ts'
import { ManagementClient } from '../../../src/broker/management/client.ts'
import type { ManagementConnection } from '../../../src/broker/management/connection.ts'
import { address } from '../../../src/model/address.ts'
import type { Desired } from '../../../src/model/desired.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { registerTopology } from '../../../src/model/secrets/register-secrets.ts'
import { KINDS, type Queue, type Topology, type User } from '../../../src/model/topology.ts'
import { DEFAULT_MODE, type PlanMode } from '../../../src/plan/plan-mode.ts'
import type { OwnershipRecord } from '../../../src/broker/records/ownership-record.ts'
import { closeAmqp, openAmqp } from '../../../src/operations/session/amqp-link.ts'
import { applySaved } from '../../../src/operations/saved/apply-saved.ts'
import { bindPlan } from '../../../src/operations/saved/bind-plan.ts'
import { execute } from '../../../src/operations/change/execute.ts'
import { ownershipIn, type Planned } from '../../../src/operations/change/planned.ts'
import { planWith } from '../../../src/operations/change/plan-with.ts'
import { savedPlanText } from '../../../src/operations/saved/saved-plan-text.ts'
import { openSession } from '../../../src/operations/session/session.ts'
import { show } from '../../../src/operations/change/show.ts'
import { brokerTopology } from '../../builders/arbitrary/arbitrary-broker.ts'
import { exchange, queue } from '../../builders/objects.ts'
import { withReferences } from '../../builders/with-references.ts'
import { freshName, testBroker } from '../support/brokers/broker.ts'
import { placed, reachable } from '../support/placed.ts'
import { propertyRuns } from '../support/cases/property-runs.ts'
import { isAtLeast } from '../../../src/model/broker-version.ts'
import { recordName } from '../../../src/model/generated-names.ts'

const { seed, numRuns, timeout } = propertyRuns(2)
/** The broker never forgets the names of global parameters, so a run uses only a few. */
const PARAMETERS = { saved: freshName('parameter'), direct: freshName('parameter') }
const FILES = { paths: ['topology.yaml'], count: 1, overlays: [] }

/** A place on the broker in which topologies are applied in one of the two ways. */
interface Side {
  readonly way: 'saved' | 'direct'
  readonly vhost: string
  readonly folder: string
  readonly client: ManagementClient
  readonly connection: ManagementConnection
}

type Way = (
  side: Side,
  desired: Desired,
  mode: PlanMode,
  environment: Readonly<Record<string, string>>,
) => Promise<unknown>

const modeFor = (vhost: string): PlanMode => ({
  ...DEFAULT_MODE,
  prune: true,
  adopt: true,
  allowReplace: new Set([address('exchange', vhost, 'changed'), address('queue', vhost, 'recreated')]),
  migrate: new Set([address('queue', vhost, 'moved')]),
  maxDeletes: { count: 1_000 },
})

/** The replaced, migrated and renamed objects, in addition to random ones. */
function changing(any: Topology, isAfter: boolean): Topology {
  const type = isAfter ? 'quorum' : 'classic'
  const name = isAfter ? { name: 'after', renamedFrom: 'before' } : { name: 'before' }
  return {
    ...any,
    vhosts: any.vhosts.map(({ limits: _limits, ...rest }) => rest),
    users: any.users.map(withOwnPassword),
    queues: [
      ...any.queues.map(withoutSingleConsumer).map(staying),
      queue('moved', { type }),
      queue('recreated', { type }),
      { ...queue('before', { type: 'classic' }), ...name },
    ],
    exchanges: [
      ...any.exchanges,
      exchange('changed', { type: isAfter ? 'topic' : 'fanout' }),
      { ...exchange('before', { type: 'direct' }), ...name },
    ],
  }
}

/**
 * A shovel among the parameters may consume a queue that then deletes itself, and this may happen in only one of the
 * two ways.
 */
function staying(any: Queue): Queue {
  return { ...any, autoDelete: false }
}

/** A password that differs from all other values, because a saved plan leaves out values that equal a password. */
function withOwnPassword(user: User): User {
  const { credential, name } = user
  if (credential?.kind !== 'password' || credential.secret === undefined) return user
  const secret = new Secret(`the password of ${name}: ${credential.secret.reveal()}`)
  return { ...user, credential: { ...credential, secret } }
}

/**
 * A quorum queue with a single active consumer refuses `basic.get`, with which warren counts it before it deletes it.
 */
function withoutSingleConsumer({ arguments: table, ...rest }: Queue): Queue {
  const { 'x-single-active-consumer': _single, ...others } = table
  return { ...rest, arguments: others }
}

const directly: Way = async ({ client, connection, vhost }, desired, mode) => {
  await using session = await openSession(client, { connection, project: desired.project, vhosts: [vhost] })
  const { plan, live } = await planWith(client, { desired, files: FILES, mode, ...session.forPlan })
  if (plan.blocks.length > 0) return { blocks: plan.blocks.map(({ reason }) => reason) }
  const report = await execute(client, { plan, live, session, handOverLocks: undefined, options: { parallelism: 16 } })
  return { outcomes: report?.outcomes.map(({ status, action }) => `${action} ${status}`) ?? [] }
}

const bySavedPlan: Way = async ({ client, connection, vhost, folder }, desired, mode, environment) => {
  // Like a command, uses one registry, which knows the secrets of the files before the plan.
  const { secrets } = client
  registerTopology(secrets, desired.topology)
  const link = await openAmqp(client, connection, vhost, undefined).catch(() => ({ missing: 'there is no vhost yet' }))
  const made = await planWith(client, { desired, files: FILES, mode, link: () => Promise.resolve(link) })
  await closeAmqp(link)
  const { plan, live } = made
  const planned: Planned = { plan, findings: [], sources: new Map(), live: live.topology }
  const bound = bindPlan({ ...planned, ...ownershipIn(live, desired.project, desired.topology) }, secrets)
  const path = join(folder, 'plan.json')
  const text = savedPlanText(bound, secrets)
  await writeFile(path, text)

  const { report, stopped, plan: applied } = await applySaved({ connection, saved: await show(path), environment })
  if (stopped === 'blocked') return { blocks: applied.blocks.map(({ reason }) => reason) }
  expect(report?.recordFailed).toBeUndefined()
  expect(await applySaved({ connection, saved: await show(path), environment })).toMatchObject({
    stopped: 'nothing-to-do',
  })
  return { outcomes: report?.outcomes.map(({ status, action }) => `${action} ${status}`) ?? [] }
}

/** The broker lists objects in the order of their names, which contain the name of the virtual host. */
function inOrder(live: Topology): Record<string, unknown[]> {
  const text = (each: unknown) => JSON.stringify(each)
  return Object.fromEntries(
    Object.entries(live).map(([kind, objects]: [string, readonly unknown[]]) => [
      kind,
      objects.toSorted((one, other) => (text(one) < text(other) ? -1 : 1)),
    ]),
  )
}

/** Long addresses are stored as hashes, which depend on the name of the virtual host. */
function withoutHashes({ owned, adopted, selfDeleting = [], ...rest }: OwnershipRecord) {
  const plain = (entries: readonly string[]) => entries.map((each) => each.replace(/#[\w-]{22}$/, '#')).toSorted()
  const ofThemselves = plain(selfDeleting.flatMap(({ addresses }) => addresses))
  return { ...rest, owned: plain(owned), adopted: plain(adopted), selfDeleting: ofThemselves }
}

const WAYS = { saved: bySavedPlan, direct: directly } as const

/**
 * Applies topologies one after the other in one of the two ways, and returns the outcome of each and the state of the
 * broker.
 */
async function history(way: Side['way'], topologies: readonly Topology[]): Promise<unknown[]> {
  const { api, managementUrl, username, password } = await testBroker()
  const connection = { url: managementUrl, user: username, password: new Secret(password) }
  const client = new ManagementClient(connection)
  const vhost = freshName('vhost')
  const project = `project-${vhost}`
  const folder = await mkdtemp(join(tmpdir(), 'warren-saved-'))
  const neutral = (value: unknown): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll(vhost, 'vhost').replaceAll(PARAMETERS[way], 'parameter'))
  const here = topologies.map((each) => placed(each, vhost, `${vhost}-`, `${PARAMETERS[way]}-`))
  const observed: unknown[] = []
  try {
    for (const each of here) {
      const { topology, environment } = withReferences(each)
      const desired: Desired = {
        project,
        topology,
        routes: { publications: [], subscriptions: [] },
        deadLetters: [],
        secrets: [],
      }
      const side: Side = { way, vhost, folder, client, connection }
      const came = await WAYS[way](side, desired, modeFor(vhost), environment)
      const { topology: live, records } = await readLive(client, { vhosts: [vhost], kinds: new Set(KINDS) })
      const own = <T extends { readonly name: string }>(all: readonly T[], start: string) =>
        all.filter(({ name }) => name.startsWith(start))
      const users = own(live.users, vhost)
      const globalParameters = own(live.globalParameters, PARAMETERS[way])
      const inVhost = Object.entries(live).map(([kind, objects]: [string, readonly object[]]) => [
        kind,
        objects.filter((each) => !('vhost' in each) || each.vhost === vhost),
      ])
      const record = records?.ownership.filter((one) => one.project === project)
      const left = await planWith(client, {
        desired,
        files: FILES,
        mode: modeFor(vhost),
        link: () => Promise.resolve({ missing: 'nothing is left to delete' }),
      })
      const pending = left.plan.changes.map(({ action, kind }) => `${action} ${kind}`)
      const seen = inOrder(
        neutral({
          ...Object.fromEntries(inVhost),
          vhosts: own(live.vhosts, vhost),
          users,
          globalParameters,
        }) as Topology,
      )
      observed.push({ ...(neutral({ came, pending, record: record?.map(withoutHashes) }) as object), live: seen })
    }
    return observed
  } finally {
    await client.close()
    await rm(folder, { recursive: true })
    await api.delete(['vhosts', vhost])
    await api.delete(['global-parameters', recordName({ project, vhost })])
    for (const { users, globalParameters } of here) {
      for (const { name } of users) await api.delete(['users', name])
      for (const { name } of globalParameters) await api.delete(['global-parameters', name])
    }
  }
}

beforeAll(async () => {
  const { version } = await testBroker()
  process.stdout.write(
    `Saved plans on RabbitMQ ${version}: WARREN_PROPERTY_RUNS=${numRuns} WARREN_PROPERTY_SEED=${seed}\n`,
  )
})

describe('any saved plan', () => {
  it('does exactly what a direct apply does, and nothing the second time', { timeout: 3 * timeout }, async () => {
    const { version } = await testBroker()
    const topologies = brokerTopology(version)
    const fixedQueueType = !isAtLeast(version, '3.11.17')
    await fc.assert(
      fc.asyncProperty(topologies, topologies, async (one, other) => {
        const steps = [changing(one, false), changing(reachable(one, other, fixedQueueType), true)]
        const [saved, direct] = await Promise.all([history('saved', steps), history('direct', steps)])
        expect(saved).toEqual(direct)
      }),
      { seed, numRuns, endOnFailure: true },
    )
  })
})
