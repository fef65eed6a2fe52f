import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { freshUser, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

/** A topology file for a vhost with a limit on queues. Each queue is given as `name: type`. */
const limited = (vhost: string, maxQueues: number, queues: Readonly<Record<string, string>>) =>
  [
    `warren: 1\nproject: shop\nvhost: { name: ${vhost}, limits: { maxQueues: ${maxQueues} } }\nqueues:`,
    ...Object.entries(queues).map(([name, type]) => `  ${name}: { type: ${type} }`),
  ].join('\n')

const classic = (...names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 'classic']))

/** A vhost to which a first file was applied, and a function that applies another file to it. */
async function place(first: (vhost: string) => string) {
  const vhost = await freshVhost()
  const { api } = await testBroker()
  const folder = await files({ 'topology.yaml': first(vhost) })
  const apply = async (text: string, ...options: readonly string[]) => {
    await writeFile(`${folder}/topology.yaml`, text)
    return warren(['apply', '-y', ...options], { folder })
  }
  expect(await warren(['apply', '-y', '--adopt'], { folder })).toMatchObject({ code: 0 })
  const queues = async () =>
    ((await api.get<{ name: string }[]>(['queues', vhost])) ?? []).map(({ name }) => name).toSorted()
  return { vhost, api, folder, apply, queues }
}

describe('a vhost at its limit of queues', () => {
  it('allows later applies without a lock, and with one after the limit is raised', async () => {
    const { vhost, api, apply, queues } = await place((vhost) => limited(vhost, 3, classic('a', 'b', 'c')))

    expect(await apply(limited(vhost, 3, classic('a', 'b', 'c')))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Lock {5}none: the broker refused the queue warren.lock.shop .* limit .* reached/),
    })
    expect(await apply(limited(vhost, 4, classic('a', 'b', 'c', 'd')))).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Lock     none: '),
    })
    expect(await queues()).toEqual(['a', 'b', 'c', 'd'])
    const raised = await apply(limited(vhost, 6, classic('a', 'b', 'c', 'd', 'e')))
    expect(raised.code).toBe(0)
    expect(await api.get(['vhost-limits', vhost])).toMatchObject([{ value: { 'max-queues': 6 } }])
    const last = await apply(limited(vhost, 6, classic('a', 'b', 'c', 'd', 'e')))
    expect(last).toMatchObject({ code: 0, stdout: expect.not.stringContaining('Lock  ') })
  })

  it('gives the slot of the lock to the last queue', async () => {
    const { vhost, apply, queues } = await place((vhost) => limited(vhost, 3, classic('a', 'b')))

    expect(await apply(limited(vhost, 3, classic('a', 'b', 'c')))).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/Lock {5}none: the queue limit of vhost ".*" leaves no room for it/),
    })
    expect(await queues()).toEqual(['a', 'b', 'c'])
  })

  it('refuses more queues than its limit in the plan, before anything is written', async () => {
    const { vhost, api, apply, queues } = await place((vhost) => limited(vhost, 3, classic('a', 'b')))
    await api.put(['queues', vhost, 'undeclared'], {})

    expect(await apply(limited(vhost, 3, classic('a', 'b', 'c')))).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(
        'the plan needs 4 queues at once (3 on the broker, 1 to create), and the limit of the vhost is 3',
      ),
    })
    expect(await queues()).toEqual(['a', 'b', 'undeclared'])
  })

  it('lowers a limit after old queues are deleted and new ones created', async () => {
    const { vhost, api, apply, queues } = await place((vhost) => limited(vhost, 9, classic('a', 'b', 'c', 'd')))

    const run = await apply(limited(vhost, 3, classic('d', 'e')), '--prune')
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('limits.maxQueues') })
    expect(await queues()).toEqual(['d', 'e'])
    expect(await api.get(['vhost-limits', vhost])).toMatchObject([{ value: { 'max-queues': 3 } }])
  })

  it('refuses a migration without room for the holding queue', async () => {
    const { vhost, apply } = await place((vhost) => limited(vhost, 3, classic('a', 'b')))
    const migrate = ['--migrate', `queue:${vhost}/a`]

    expect(await apply(limited(vhost, 3, { a: 'quorum', b: 'classic' }), ...migrate)).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(
        /the plan needs 4 queues at once \(2 on the broker, 1 in which messages wait .*, 1 for warren's lock\).*is 3\n.*raise limits.maxQueues of the vhost to 4/,
      ),
    })
    expect(await apply(limited(vhost, 4, { a: 'quorum', b: 'classic' }), ...migrate)).toMatchObject({ code: 0 })
  })
})

describe('a login with its own limits', () => {
  const head = (vhost: string) => `warren: 1\nproject: shop\nvhost: ${vhost}\n`

  it.for([
    ['connections', 'max-connections', 'nothing is deleted without the lock of the project: '],
    ['channels', 'max-channels', 'raise that limit, or close other connections of this login'],
  ] as const)('applies without a lock if it may open only one of its %s', async ([, limit, refused]) => {
    const { vhost, api, folder, queues } = await place((vhost) => `${head(vhost)}queues: { a: { type: classic } }\n`)
    const rights = { configure: '.*', write: '.*', read: '.*' }
    const login = await freshUser({ tags: 'administrator', permissions: { [vhost]: rights } })
    await api.put(['user-limits', login.username, limit], { value: 1 })
    await writeFile(`${folder}/topology.yaml`, `${head(vhost)}queues: { b: { type: classic } }\n`)
    const url = new URL((await testBroker()).managementUrl)
    url.username = login.username
    url.password = login.password
    const asLogin = { folder, environment: { WARREN_URL: url.href } }

    expect(await warren(['apply', '-y'], asLogin)).toMatchObject({ code: 0 })
    expect(await queues()).toEqual(['a', 'b'])
    const pruned = await warren(['apply', '-y', '--prune'], asLogin)
    expect(pruned).toMatchObject({ code: 4, stdout: expect.stringContaining(refused) })
  })
})
