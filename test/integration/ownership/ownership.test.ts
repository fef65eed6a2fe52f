import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Secret } from '../../../src/model/secrets/secret.ts'
import { apply } from '../../../src/operations/change/apply.ts'
import { freshName, freshUser, freshVhost, ownBroker, testBroker } from '../support/brokers/broker.ts'
import { files, managementUrl } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'
import { recordName } from '../../../src/model/generated-names.ts'

// A damaged record affects every project on the broker.
ownBroker()

/** The number of changes of the two projects. A prune that deletes a queue waits six seconds for the count. */
const ROUNDS = Number(process.env['WARREN_OWNERSHIP_ROUNDS'] ?? 3)
const SEED = Number(process.env['WARREN_OWNERSHIP_SEED'] ?? Date.now() % 1_000_000)

const head = (project: string, vhost: string) => `warren: 1\nproject: ${project}\nvhost: ${vhost}\n`

/** Numbers from 0 to 1 that a seed determines (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Exchanges, queues and bindings of a virtual host by readable names, without the broker's own. */
async function liveIn(vhost: string): Promise<string[]> {
  const { api } = await testBroker()
  const exchanges = (await api.get<{ name: string }[]>(['exchanges', vhost])) ?? []
  const queues = (await api.get<{ name: string }[]>(['queues', vhost])) ?? []
  const bindings =
    (await api.get<{ source: string; destination: string; routing_key: string }[]>(['bindings', vhost])) ?? []
  return [
    ...exchanges.filter(({ name }) => name !== '' && !name.startsWith('amq.')).map(({ name }) => `exchange ${name}`),
    ...queues.map(({ name }) => `queue ${name}`),
    ...bindings
      .filter(({ source }) => source !== '')
      .map(({ source, destination, routing_key: key }) => `binding ${source} ${key} ${destination}`),
  ].toSorted()
}

interface Declared {
  readonly exchanges: readonly string[]
  readonly queues: readonly string[]
}

/** Each queue is bound to the exchange without an owner, and to all of the project's own. */
function textOf({ exchanges, queues }: Declared): string {
  const bound = ['nobody', ...exchanges].map((name) => `{ exchange: ${name}, routingKey: k }`).join(', ')
  const own = exchanges.map((name) => `  ${name}: { type: topic }\n`).join('')
  const all = queues.map((name) => `  ${name}: { type: classic, bindings: [${bound}] }\n`).join('')
  return `exchanges:\n  nobody: { type: topic, external: true }\n${own}${queues.length > 0 ? 'queues:\n' : ''}${all}`
}

function expectedOf({ exchanges, queues }: Declared): string[] {
  return [
    ...exchanges.map((name) => `exchange ${name}`),
    ...queues.map((name) => `queue ${name}`),
    ...queues.flatMap((queue) => ['nobody', ...exchanges].map((name) => `binding ${name} k ${queue}`)),
  ]
}

describe('two projects in one virtual host', () => {
  it(
    `prune their own, in random order and at the same time, and never objects of the other project or without an owner (seed ${SEED}, ${ROUNDS} rounds)`,
    async () => {
      const vhost = await freshVhost()
      const { api, managementUrl: url, username, password } = await testBroker()
      const connection = { url, user: username, password: new Secret(password) }
      await api.put(['exchanges', vhost, 'nobody'], { type: 'topic', durable: true })
      await api.put(['queues', vhost, 'nobodys'], { durable: true })
      await api.post(['bindings', vhost, 'e', 'nobody', 'q', 'nobodys'], { routing_key: 'k' })
      const nobodys = await liveIn(vhost)
      const folder = await files({})
      const random = randomOf(SEED)
      const some = (project: string, kind: string) =>
        [0, 1, 2].filter(() => random() < 0.6).map((index) => `${project}-${kind}${index}`)
      const declared: Record<string, Declared> = {
        a: { exchanges: ['a-x9'], queues: ['a-q9'] },
        b: { exchanges: ['b-x9'], queues: ['b-q9'] },
      }
      const run = async (project: 'a' | 'b') => {
        const path = join(folder, `${project}.yaml`)
        const change = { exchanges: [`${project}-x9`, ...some(project, 'x')], queues: some(project, 'q') }
        declared[project] = change
        await writeFile(path, `${head(project, vhost)}${textOf(change)}`)
        const applied = await apply({ paths: [path], connection, prune: true, maxDeletes: { count: 100 } })
        expect({ blocks: applied.plan.blocks, report: applied.report?.outcomes ?? [] }).toEqual({
          blocks: [],
          report: (applied.report?.outcomes ?? []).map(({ address, action }) => ({ address, action, status: 'done' })),
        })
      }
      await run('a')
      await run('b')

      for (let round = 1; round <= ROUNDS; round += 1) {
        const both = random() < 0.4
        const first = random() < 0.5 ? 'a' : 'b'
        const second = first === 'a' ? 'b' : 'a'
        if (both) await Promise.all([run('a'), run('b')])
        else await run(first)
        if (!both && random() < 0.5) await run(second)
        const { a, b } = declared
        if (a === undefined || b === undefined) throw new Error('both are declared')
        expect([round, await liveIn(vhost)]).toEqual([
          round,
          [...nobodys, ...expectedOf(a), ...expectedOf(b)].toSorted(),
        ])
      }
      for (const project of ['a', 'b']) {
        const again = await apply({ paths: [join(folder, `${project}.yaml`)], connection, prune: true })
        expect(again).toMatchObject({ stopped: 'nothing-to-do', plan: { changes: [], blocks: [], prunable: 0 } })
      }
    },
    60_000 + ROUNDS * 60_000,
  )

  it('that claim one object get an error that names both', async () => {
    const vhost = await freshVhost()
    const folder = await files({
      'shop.yaml': `${head('shop', vhost)}queues:\n  orders: { type: classic }\n`,
      'billing.yaml': `${head('billing', vhost)}queues:\n  orders: { type: classic }\n  bills: { type: classic }\n`,
      'lent.yaml': `${head('billing', vhost)}queues:\n  orders: { external: true }\n  bills: { type: classic }\n`,
    })
    expect(await warren(['apply', '-y', 'shop.yaml'], { folder })).toMatchObject({ code: 0 })

    expect(await warren(['apply', '-y', 'billing.yaml'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/queue:.*\/orders\n +the project shop owns it\n.*external: true/),
    })
    expect(await liveIn(vhost)).toEqual(['queue orders'])
    expect(await warren(['apply', '-y', 'lent.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--detailed-exitcode', '--prune', 'lent.yaml'], { folder })).toMatchObject({ code: 0 })
  })
})

describe('one project in two virtual hosts, one of them given', () => {
  it('prunes and destroys only there, and keeps a user that the other one records', async () => {
    const [given, other] = [await freshVhost(), await freshVhost()]
    const user = freshName('user')
    const { api } = await testBroker()
    onTestFinished(() => api.delete(['users', user]))
    const text = (vhost: string, queues: string) =>
      `${head('shop', vhost)}queues:\n${queues}users:\n  ${user}: { permissions: { read: ".*" } }\n`
    const both = '  kept: { type: classic }\n  old: { type: classic }\n'
    const folder = await files({
      'all/given.yaml': text(given, both),
      'all/other.yaml': `${head('shop', other)}queues:\n${both}users:\n  ${user}: { permissions: { read: ".*" } }\n`,
      'given.yaml': `${head('shop', given)}queues:\n  kept: { type: classic }\n`,
    })
    expect(await warren(['apply', '-y', 'all'], { folder })).toMatchObject({ code: 0 })

    expect(await warren(['apply', '-y', '--prune', 'given.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await liveIn(given)).toEqual(['queue kept'])
    expect(await liveIn(other)).toEqual(['queue kept', 'queue old'])
    expect(await api.get(['users', user])).toMatchObject({ name: user })
    expect(await api.get(['permissions', other, user])).toMatchObject({ read: '.*' })

    expect(await warren(['destroy', '--confirm', 'shop', 'given.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await liveIn(given)).toEqual([])
    expect(await liveIn(other)).toEqual(['queue kept', 'queue old'])
    expect(await api.get(['users', user])).toMatchObject({ name: user })
    expect(await warren(['plan', '--detailed-exitcode', 'all/other.yaml'], { folder })).toMatchObject({ code: 0 })
  })
})

describe('an object that existed before', () => {
  it('is adopted when it is as declared, changed only with --adopt, and pruned only by its address', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    await api.put(['queues', vhost, 'same'], { durable: true, arguments: { 'x-queue-type': 'classic' } })
    await api.put(['policies', vhost, 'p'], { pattern: '^x', definition: { 'max-length': 5 }, 'apply-to': 'queues' })
    const policies = 'policies:\n  p: { pattern: "^y", applyTo: queues, definition: { max-length: 5 } }\n'
    const folder = await files({
      'same.yaml': `${head('shop', vhost)}exchanges:\n  x: {}\nqueues:\n  same: { type: classic }\n`,
      'both.yaml': `${head('shop', vhost)}exchanges:\n  x: {}\nqueues:\n  same: { type: classic }\n${policies}`,
      'less.yaml': `${head('shop', vhost)}exchanges:\n  x: {}\n${policies}`,
    })
    expect(await warren(['plan', 'same.yaml'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 existing object without an owner: the apply records it as adopted'),
    })
    expect(await warren(['apply', '-y', 'same.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--detailed-exitcode', 'same.yaml'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.not.stringContaining('without an owner'),
    })

    expect(await warren(['apply', '-y', 'both.yaml'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('--adopt'),
    })
    expect(await api.get(['policies', vhost, 'p'])).toMatchObject({ pattern: '^x' })
    expect(await warren(['apply', '-y', '--adopt', 'both.yaml'], { folder })).toMatchObject({ code: 0 })
    expect(await api.get(['policies', vhost, 'p'])).toMatchObject({ pattern: '^y' })

    const at = `queue:${vhost}/same`
    expect(await warren(['apply', '-y', '--prune', 'less.yaml'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(`--allow delete=${at}`),
    })
    expect(await liveIn(vhost)).toEqual(['exchange x', 'queue same'])
    expect(await warren(['apply', '-y', '--prune', '--allow', `delete=${at}`, 'less.yaml'], { folder })).toMatchObject({
      code: 0,
    })
    expect(await liveIn(vhost)).toEqual(['exchange x'])
    expect(await warren(['plan', '--prune', '--detailed-exitcode', 'less.yaml'], { folder })).toMatchObject({ code: 0 })
  })

  it('is released by external: true, so that no prune deletes it', async () => {
    const vhost = await freshVhost()
    const text = (queue: string) => `${head('shop', vhost)}queues:\n  kept: { type: classic }\n${queue}`
    const folder = await files({ 'topology.yaml': text('  lent: { type: classic }\n') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await writeFile(`${folder}/topology.yaml`, text('  lent: { external: true }\n'))
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await writeFile(`${folder}/topology.yaml`, text(''))

    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({ code: 0 })
    expect(await liveIn(vhost)).toEqual(['queue kept', 'queue lent'])
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('1 not ours'),
    })
  })
})

describe('protect', () => {
  it('still protects the object after both are removed from the files, and the plan says how to delete it', async () => {
    const vhost = await freshVhost()
    const text = (queue: string) => `${head('shop', vhost)}queues:\n  kept: { type: classic }\n${queue}`
    const folder = await files({ 'topology.yaml': text('  safe: { type: classic, protect: true }\n') })
    const write = (queue: string) => writeFile(`${folder}/topology.yaml`, text(queue))
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })

    await write('')
    const allowed = ['--allow', `delete=queue:${vhost}/safe`]
    expect(await warren(['apply', '-y', '--prune', ...allowed], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('declare it again without protect: true, apply that, and then remove it'),
    })
    expect(await liveIn(vhost)).toEqual(['queue kept', 'queue safe'])

    await write('  safe: { type: classic }\n')
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await write('')
    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({ code: 0 })
    expect(await liveIn(vhost)).toEqual(['queue kept'])
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })
})

describe('a record', () => {
  async function place() {
    const vhost = await freshVhost()
    const text = (queues: string) => `${head('shop', vhost)}queues:\n  kept: { type: classic }\n${queues}`
    const folder = await files({ 'topology.yaml': text('  old: { type: classic }\n') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await writeFile(`${folder}/topology.yaml`, text(''))
    return { vhost, folder, name: recordName({ project: 'shop', vhost }) }
  }

  it('that is lost prunes nothing, and declared objects are adopted again', async () => {
    const { vhost, folder, name } = await place()
    const { api } = await testBroker()
    await api.delete(['global-parameters', name])

    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`no record yet in ${vhost}: nothing there can be pruned`),
    })
    expect(await liveIn(vhost)).toEqual(['queue kept', 'queue old'])
    expect(await api.get(['global-parameters', name])).toMatchObject({
      value: { owned: [], adopted: [`queue:${vhost}/kept`] },
    })
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })

  it.each([
    ['is damaged', { format: 1, owned: 'everything' }, 'is damaged, and warren does not overwrite it'],
    ['has a newer format', { format: 3, owned: [] }, 'has format 3, which this version of warren cannot read'],
  ])('that %s is never overwritten, whatever is applied', async (_what, value, why) => {
    const { vhost, folder, name } = await place()
    const { api } = await testBroker()
    await api.put(['global-parameters', name], { value })

    for (const flags of [['-y', '--prune'], ['-y'], ['-y', '--adopt']])
      expect(await warren(['apply', ...flags], { folder })).toMatchObject({
        code: 4,
        stdout: expect.stringContaining(`${name} on the broker ${why}`),
      })
    expect(await warren(['destroy', '--confirm', 'shop'], { folder })).toMatchObject({ code: 4 })
    expect(await api.get(['global-parameters', name])).toMatchObject({ value })

    await api.delete(['global-parameters', name])
    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({ code: 0 })
    expect(await liveIn(vhost)).toEqual(['queue kept', 'queue old'])
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })

  it.each(['management', 'monitoring'])('is not read by a login with the tag %s, and the plan says so', async (tag) => {
    const { vhost, folder } = await place()
    const all = { configure: '.*', write: '.*', read: '.*' }
    const login = await freshUser({ tags: tag, permissions: { [vhost]: all } })
    const environment = { WARREN_URL: await managementUrl(login) }

    expect(await warren(['plan'], { folder, environment })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('unknown: the login may not read the ownership records'),
    })
    expect(await warren(['plan', '--prune'], { folder, environment })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('use a login with the tag policymaker'),
    })
    expect(await liveIn(vhost)).toEqual(['queue kept', 'queue old'])
    await rm(`${folder}/topology.yaml`)
  })
})
