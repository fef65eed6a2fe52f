import { describe, expect, it } from 'vitest'
import { applyPlan } from '../../../src/apply/apply-plan.ts'
import type { Live } from '../../../src/broker/live/live.ts'
import { readLive } from '../../../src/broker/live/read-live.ts'
import { Amqp } from '../../../src/broker/amqp/connections/amqp.ts'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { addressOf } from '../../../src/model/address.ts'
import { KINDS, type Topology } from '../../../src/model/topology.ts'
import { makePlan } from '../../../src/plan/make-plan.ts'
import { DEFAULT_MODE, type PlanMode } from '../../../src/plan/plan-mode.ts'
import type { Change } from '../../../src/plan/change.ts'
import type { Plan, PlannedRights } from '../../../src/plan/plan.ts'
import { describeRight } from '../../../src/plan/guards/missing-rights.ts'
import { requiredRights } from '../../../src/plan/guards/required-rights.ts'
import type { ResourceRight, Right } from '../../../src/plan/guards/right.ts'
import { findMissingRights } from '../../../src/operations/access/check-rights.ts'
import { binding, exchange, queue, topology, vhost } from '../../builders/objects.ts'
import { amqpUrl, freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { converge, withClient } from '../support/converge.ts'
import { warren } from '../support/warren-in-process.ts'

type Login = Awaited<ReturnType<typeof freshUser>>

/** A step of one kind, in its own virtual host. */
interface Case {
  readonly before?: Partial<Topology>
  /** Also deletes the objects that are only in the initial state, which the planner does not do without ownership. */
  readonly after: Partial<Topology>
  readonly mode?: Partial<PlanMode>
}

const dlx = { 'x-dead-letter-exchange': 'dlx' }
const cases: Record<string, Case> = {
  'create an exchange with an alternate exchange': {
    after: { exchanges: [exchange('main', { arguments: { 'alternate-exchange': 'rest' } })] },
  },
  'create a queue with a dead-letter exchange': { after: { queues: [queue('q', { arguments: dlx })] } },
  'create a queue with the default exchange as its dead-letter exchange': {
    after: { queues: [queue('q', { type: 'quorum', arguments: { 'x-dead-letter-exchange': '' } })] },
  },
  'create bindings': {
    before: { exchanges: [exchange('topic', { type: 'topic' }), exchange('sub')], queues: [queue('q')] },
    after: {
      exchanges: [exchange('topic', { type: 'topic' }), exchange('sub')],
      queues: [queue('q')],
      bindings: [
        binding('topic', 'q', { routingKey: 'a.#' }),
        binding('topic', 'sub', { destinationType: 'exchange', routingKey: 'a.#' }),
      ],
    },
  },
  'delete a queue, a binding and an exchange': {
    before: {
      exchanges: [exchange('topic', { type: 'topic' }), exchange('gone')],
      queues: [queue('q'), queue('kept')],
      bindings: [binding('topic', 'q', { routingKey: 'b' }), binding('topic', 'kept', { routingKey: 'c' })],
    },
    after: { exchanges: [exchange('topic', { type: 'topic' })], queues: [queue('kept')] },
  },
  'replace a queue': {
    before: {
      exchanges: [exchange('e')],
      queues: [queue('q')],
      bindings: [binding('e', 'q')],
    },
    after: {
      exchanges: [exchange('e')],
      queues: [queue('q', { arguments: dlx })],
      bindings: [binding('e', 'q')],
    },
    mode: { allowReplace: new Set(['queue:V/q']) },
  },
}

const inVhost = (part: Partial<Topology>, name: string): Topology => {
  const placed = <T extends object>(objects: readonly T[] = []) => objects.map((each) => ({ ...each, vhost: name }))
  return {
    ...topology({ vhosts: [vhost(name)] }),
    exchanges: placed(part.exchanges),
    queues: placed(part.queues),
    bindings: placed(part.bindings),
  }
}

const asPattern = (names: readonly string[]) =>
  names.length === 0 ? '^$' : `^(${names.map((each) => each.replaceAll('.', '\\.')).join('|')})$`

/** A login with exactly these rights. */
async function loginWith(name: string, rights: readonly Right[], tags: string): Promise<Login> {
  const { api } = await testBroker()
  const of = (right: ResourceRight['right']) =>
    asPattern(rights.flatMap((each) => (each.kind === 'resource' && each.right === right ? [each.name] : [])))
  const permission = { configure: of('configure'), write: of('write'), read: of('read') }
  const login = await freshUser({ tags, permissions: { [name]: permission } })
  const keys = rights.flatMap((each) => (each.kind === 'topic' ? [each.routingKey] : []))
  const body = { exchange: 'topic', write: '', read: asPattern(keys) }
  // From 4.3 on, a topic permission needs an existing exchange.
  if (await api.get(['exchanges', name, 'topic'])) await api.put(['topic-permissions', name, login.username], body)
  return login
}

/** The plan of a case, with the deletes that a prune would have. */
function planOf({ after, mode = {} }: Case, live: Live, name: string): Plan {
  const desired = inVhost(after, name)
  const allowReplace = new Set([...(mode.allowReplace ?? [])].map((at) => at.replace('V', name)))
  const files = { paths: [], count: 0, overlays: [] }
  const counts = new Map(
    live.topology.queues.map((each) => [addressOf('queue', each), { messages: 0, consumers: 0, type: 'classic' }]),
  )
  const plan = makePlan({
    project: 'test',
    files,
    desired,
    live: { ...live, counts },
    mode: { ...DEFAULT_MODE, ...mode, allowReplace },
  })
  const kept = new Set([
    ...desired.queues.map((each) => addressOf('queue', each)),
    ...desired.exchanges.map((each) => addressOf('exchange', each)),
    ...desired.bindings.map((each) => addressOf('binding', each)),
  ])
  const impact = {
    messages: 0,
    consumers: 0,
    bindings: live.topology.bindings.map((each) => addressOf('binding', each)),
    undeclaredBindings: 0,
  }
  const deletes = (['queue', 'exchange', 'binding'] as const).flatMap((kind): Change[] => {
    const objects = { queue: live.topology.queues, exchange: live.topology.exchanges, binding: live.topology.bindings }[
      kind
    ]
    return objects
      .filter((each) => !('name' in each && (each.name === '' || each.name.startsWith('amq.'))))
      .map(
        (before) =>
          ({ action: 'delete', kind, address: addressOf(kind, before as never), before, impact }) as unknown as Change,
      )
      .filter(({ address }) => !kept.has(address))
  })
  return { ...plan, changes: [...plan.changes, ...deletes], blocks: [] }
}

/**
 * The missing rights that warren reports, with and without AMQP, and the writes that the broker accepts from the
 * login.
 */
async function tried(name: string, each: Case, login: Login, tries: boolean) {
  const broker = await testBroker()
  const { hostname, port } = new URL(broker.amqpUrl)
  const password = new Secret(login.password)
  const target = { protocol: 'amqp', hostname, port: Number(port), user: login.username, password } as const
  return withClient(async (client) => {
    const live = await readLive(client, { vhosts: [name], kinds: new Set(KINDS) })
    const plan = planOf(each, live, name)
    const overHttp = await findMissingRights(client, live, plan, () => Promise.resolve({ missing: 'no AMQP' }))
    const amqp = new Amqp(target)
    try {
      const found = await findMissingRights(client, live, plan, () => Promise.resolve({ amqp }))
      if (!tries) return { found, overHttp, statuses: [] }
      const report = await applyPlan(client, plan, { parallelism: 4, amqp, isAdministrator: false })
      return { found, overHttp, statuses: report.outcomes.map(({ status }) => status) }
    } finally {
      await amqp.close()
    }
  }, login)
}

/** A virtual host in the initial state of a case. */
async function arranged({ before = {} }: Case): Promise<string> {
  const name = await freshVhost()
  await withClient((client) => converge(client, inVhost(before, name)))
  return name
}

async function rightsOf(each: Case): Promise<readonly Right[]> {
  const name = await arranged(each)
  return withClient(async (client) => {
    const live = await readLive(client, { vhosts: [name], kinds: new Set(KINDS) })
    return requiredRights(planOf(each, live, name).changes, live.topology, live.broker.version)
      .map(({ right }) => right)
      .filter(({ kind }) => kind !== 'tag')
  })
}

const named = (rights: PlannedRights | undefined) => rights?.missing.map(({ right }) => describeRight(right))

describe('the rights that a plan names', () => {
  it.each(Object.entries(cases))(
    'are sufficient to %s, and without any of them the broker refuses',
    async (_name, each) => {
      const needed = await rightsOf(each)
      const suffices = await arranged(each)
      const all = await tried(suffices, each, await loginWith(suffices, needed, 'policymaker'), true)
      expect([all.found, all.overHttp?.missing ?? []]).toEqual([undefined, []])
      expect(new Set(all.statuses)).toEqual(new Set(['done']))

      for (const [at, lacking] of needed.entries()) {
        const name = await arranged(each)
        const rest = needed.filter((_, index) => index !== at)
        const administrator = await tried(name, each, await loginWith(name, rest, 'administrator'), false)
        const other = await tried(name, each, await loginWith(name, rest, 'policymaker'), true)
        const expected = [describeRight({ ...lacking, ...('vhost' in lacking && { vhost: name }) })]

        expect(named(administrator.found)).toEqual(expected)
        expect(named(other.found)).toEqual(expected)
        // Without AMQP, warren cannot test all rights. If one test covers two rights, warren names both.
        const namedOrOpen = named(other.overHttp) ?? []
        expect(other.overHttp?.unverified === undefined ? namedOrOpen : expected).toEqual(
          expect.arrayContaining(expected),
        )
        expect(other.statuses).toContain('failed')
      }
    },
    60_000,
  )

  it('for a queue that is migrated include those for its holding queue and the default exchange', async () => {
    const name = await freshVhost()
    const live = inVhost({ queues: [queue('q')], exchanges: [exchange('e')], bindings: [binding('e', 'q')] }, name)
    await withClient((client) => converge(client, live))
    const folder = await files({
      'topology.yaml': `warren: 1\nproject: shop\nvhost: ${name}\nexchanges:\n  e: { type: direct }\nqueues:\n  q: { type: quorum, bindings: [{ exchange: e, routingKey: '' }] }\n`,
    })
    const rights = { configure: '^(q|warren\\.lock\\.shop)$', write: '^(q|q\\.moving)$', read: '^(q|q\\.moving|e)$' }
    const login = await freshUser({ tags: 'policymaker', permissions: { [name]: rights } })

    const plan = await warren(['plan', '--adopt', '--migrate', `queue:${name}/q`], {
      folder,
      environment: { WARREN_URL: await managementUrl(login), WARREN_AMQP_URL: await amqpUrl(name, login) },
    })
    expect(plan.stdout).toContain(`it may not configure queue "q.moving" in vhost "${name}", for queue:${name}/q`)
    expect(plan.stdout).toContain(`it may not write to exchange "amq.default" in vhost "${name}", for queue:${name}/q`)
    expect(plan.stdout).toContain('(2 rights)')
  })
})

describe('an apply by a login that lacks a right', () => {
  it('reports a missing right to a routing key of a topic exchange, with the key in the grant', async () => {
    const name = await freshVhost()
    const { api } = await testBroker()
    await api.put(['exchanges', name, 'topic'], { type: 'topic', durable: true })
    const all = { configure: '.*', write: '.*', read: '.*' }
    const login = await freshUser({ tags: 'administrator', permissions: { [name]: all } })
    await api.put(['topic-permissions', name, login.username], { exchange: 'topic', write: '', read: '^a' })
    const folder = await files({
      'topology.yaml': `warren: 1\nproject: shop\nvhost: ${name}\nexchanges:\n  topic: { type: topic }\nqueues:\n  q: { type: classic, bindings: [{ exchange: topic, routingKey: 'b.#' }] }\n`,
    })
    const environment = { WARREN_URL: await managementUrl(login), WARREN_AMQP_URL: await amqpUrl(name, login) }

    expect((await warren(['plan'], { folder, environment })).stdout).toContain(
      `rabbitmqctl set_topic_permissions -p ${name} ${login.username} topic '^$' '^a|^b\\.#$'`,
    )
  })

  const head = (name: string) => `warren: 1\nproject: shop\nvhost: ${name}\n`

  it.each(['administrator', 'policymaker'])(
    'reports missing rights as %s in plan and apply, with the smallest grant, before the first write',
    async (tags) => {
      const name = await freshVhost()
      const { api } = await testBroker()
      const text = `exchanges:\n  dlx.: { type: fanout }\nqueues:\n  q: { type: classic, arguments: { x-dead-letter-exchange: dlx. } }\n`
      const folder = await files({ 'topology.yaml': head(name) + text })
      const permission = { configure: '^(q|dlx\\.)$', write: '^q$', read: '^q$' }
      const login = await freshUser({ tags, permissions: { [name]: permission } })
      const run = async (...args: string[]) =>
        warren(args, { folder, environment: { WARREN_URL: await managementUrl(login) } })
      const grant =
        tags === 'administrator'
          ? `rabbitmqctl set_permissions -p ${name} ${login.username} '^(q|dlx\\.)$' '^q$|^dlx\\.$' '^q$'`
          : `rabbitmqctl set_permissions -p ${name} ${login.username} 'CONFIGURE' 'WRITE|^dlx\\.$' 'READ'`

      const plan = await run('plan')
      expect([plan.code, plan.stdout]).toEqual([0, expect.stringContaining(grant)])
      expect(plan.stdout.includes(`rabbitmqctl list_user_permissions ${login.username} prints them`)).toBe(
        tags === 'policymaker',
      )
      expect(plan.stdout).toContain(`it may not write to exchange "dlx." in vhost "${name}", for queue:${name}/q`)
      expect(await run('apply', '-y')).toMatchObject({ code: 6, stderr: expect.stringContaining(grant) })
      expect(await api.get(['exchanges', name, 'dlx.'])).toBeUndefined()

      await api.put(['permissions', name, login.username], { ...permission, write: '^q$|^dlx\\.$' })
      expect(await run('apply', '-y')).toMatchObject({ code: 0 })
    },
  )

  it.each([
    ['management', 'policies', 'policymaker'],
    ['policymaker', 'operatorPolicies', 'administrator'],
  ])('with the tag %s cannot write %s, which the plan says', async (tags, section, needed) => {
    const name = await freshVhost()
    const folder = await files({
      'topology.yaml': `${head(name)}${section}:\n  p: { pattern: '^q', applyTo: queues, definition: { expires: 60000 } }\n`,
    })
    const login = await freshUser({ tags, permissions: { [name]: { configure: '', write: '', read: '' } } })
    const environment = { WARREN_URL: await managementUrl(login) }

    const plan = await warren(['plan'], { folder, environment })
    expect(plan.stdout).toContain(`it has no tag ${needed}, for `)
    expect(plan.stdout).toContain(`grant: rabbitmqctl set_user_tags ${login.username} ${needed}`)
    expect(await warren(['apply', '-y'], { folder, environment })).toMatchObject({ code: 6 })
  })

  it.each(['administrator', 'policymaker'])(
    'reports as %s a missing right to the virtual host of a URI without a host before the first write',
    async (tags) => {
      const name = await freshVhost()
      const closed = await freshVhost()
      const { api } = await testBroker()
      const shovel = (vhost: string) =>
        `${head(name)}queues:\n  q: { type: classic }\nshovels:\n  s: { src-uri: 'amqp:///${vhost}', src-queue: q, dest-uri: 'amqp:///${name}', dest-queue: q }\n`
      const folder = await files({ 'gone.yaml': shovel(`${name}-gone`), 'closed.yaml': shovel(closed) })
      const all = { configure: '.*', write: '.*', read: '.*' }
      const login = await freshUser({ tags, permissions: { [name]: all } })
      const run = async (...args: string[]) =>
        warren(args, { folder, environment: { WARREN_URL: await managementUrl(login) } })
      const grant = `rabbitmqctl set_permissions -p ${closed} ${login.username} '^$' '^$' '^$'`

      expect((await run('plan', 'gone.yaml')).stdout).toContain(`cannot connect to vhost "${name}-gone"`)
      expect(await run('apply', 'gone.yaml', '-y')).toMatchObject({ code: 6 })
      expect(await run('apply', 'closed.yaml', '-y')).toMatchObject({ code: 6, stderr: expect.stringContaining(grant) })
      expect(await api.get(['queues', name])).toEqual([])

      await api.put(['permissions', closed, login.username], { configure: '', write: '', read: '' })
      expect(await run('apply', 'closed.yaml', '-y')).toMatchObject({ code: 0 })
    },
  )
})
