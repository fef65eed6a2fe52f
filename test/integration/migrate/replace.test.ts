import { writeFile } from 'node:fs/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freshName, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files, startWarren } from '../support/command-line.ts'
import { faultProxy, type Trouble } from '../support/proxies/fault-proxy.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'
import { journalName, recordName } from '../../../src/model/generated-names.ts'

const headOf = (vhost: string) => `warren: 1\nproject: shop\nvhost: ${vhost}\n`

/** A queue of some type with a binding, which `--allow replace` recreates with another type. */
const boundQueue = (vhost: string, type: string) =>
  `${headOf(vhost)}exchanges:\n  events: { type: topic }\nqueues:\n  q: { type: ${type}, bindings: [{ exchange: events, routingKey: k }] }\n`

interface ReceivedBinding {
  readonly source: string
  readonly destination: string
  readonly destination_type: string
  readonly routing_key: string
  readonly arguments: object
}

/** The bindings of a virtual host by readable names. */
async function bindingsIn(vhost: string): Promise<string[]> {
  const { api } = await testBroker()
  const all = (await api.get<ReceivedBinding[]>(['bindings', vhost])) ?? []
  return all
    .filter(({ source }) => source !== '')
    .map((each) =>
      [each.source, each.destination_type, each.destination, each.routing_key, JSON.stringify(each.arguments)].join(
        ' ',
      ),
    )
    .toSorted()
}

describe('--allow replace', () => {
  it('of a queue loses its messages, and restores all bindings', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const text = (type: string) => boundQueue(vhost, type)
    const folder = await files({ 'topology.yaml': text('classic') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await api.post(['bindings', vhost, 'e', 'amq.topic', 'q', 'q'], { routing_key: 'undeclared.#' })
    await api.post(['bindings', vhost, 'e', 'amq.headers', 'q', 'q'], { arguments: { 'x-match': 'any', pages: 3 } })
    await api.post(['exchanges', vhost, 'events', 'publish'], {
      properties: {},
      routing_key: 'k',
      payload: 'lost',
      payload_encoding: 'string',
    })
    const before = await bindingsIn(vhost)
    await writeFile(`${folder}/topology.yaml`, text('quorum'))

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringMatching(/replacing it would lose 1 message\n.*--allow replace=queue:/),
    })
    const allowed = ['--allow', `replace=queue:${vhost}/q`]
    expect(await warren(['apply', '-y', ...allowed], { folder })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('restores 3 bindings (2 of them not declared)'),
    })
    expect(await api.get(['queues', vhost, 'q'])).toMatchObject({ type: 'quorum' })
    expect(before).toHaveLength(3)
    expect(await bindingsIn(vhost)).toEqual(before)
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })

  it('of a queue that is killed while the queue does not exist restores all bindings in the next run', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const text = (type: string) => boundQueue(vhost, type)
    const folder = await files({ 'topology.yaml': text('classic') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await api.post(['bindings', vhost, 'e', 'amq.topic', 'q', 'q'], { routing_key: 'undeclared.#' })
    const before = await bindingsIn(vhost)
    await writeFile(`${folder}/topology.yaml`, text('quorum'))
    const allowed = ['--allow', `replace=queue:${vhost}/q`]
    const running: { kill?: () => void } = {}
    await using proxy = await faultProxy((_count, { method, path }) => {
      // Right before the new queue is declared.
      if (method !== 'GET' || !path.includes(`/${vhost}/q?disable_stats=true&columns=state`)) return undefined
      running.kill?.()
      return 'swallows the request'
    })
    const child = await startWarren(['apply', '-y', ...allowed], { folder, environment: { WARREN_URL: proxy.url } })
    running.kill = () => child.kill('SIGKILL')
    expect(await child.ended).toMatchObject({ signal: 'SIGKILL' })
    expect(await api.get(['queues', vhost, 'q'])).toBeUndefined()
    expect(await bindingsIn(vhost)).toEqual([])

    await until(
      async () => !(await warren(['apply', '-y'], { folder })).stdout.includes('Blocked'),
      'the lock to be free',
    )
    expect(await api.get(['queues', vhost, 'q'])).toMatchObject({ type: 'quorum' })
    expect(await bindingsIn(vhost)).toEqual(before)
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })

  it('of an exchange restores its bindings in both directions and the topic permissions on it', async () => {
    const vhost = await freshVhost()
    const user = freshName('user')
    const { api } = await testBroker()
    onTestFinished(() => api.delete(['users', user]))
    const text = (properties: string) =>
      `${headOf(vhost)}exchanges:\n  x: { type: topic${properties} }\n  more: { type: fanout }\nqueues:\n  q: { type: classic, bindings: [{ exchange: x, routingKey: k }] }\n`
    const folder = await files({ 'topology.yaml': text('') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await api.put(['users', user], { password: 'w0rd', tags: '' })
    await api.put(['topic-permissions', vhost, user], { exchange: 'x', write: '^a', read: '^b' })
    await api.post(['bindings', vhost, 'e', 'x', 'e', 'more'], { routing_key: 'onwards' })
    await api.post(['bindings', vhost, 'e', 'amq.topic', 'e', 'x'], { routing_key: 'into' })
    const before = await bindingsIn(vhost)
    await writeFile(`${folder}/topology.yaml`, text(', alternateExchange: more'))

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining('the broker refuses publishers in between'),
    })
    const allowed = ['--allow', `replace=exchange:${vhost}/x`]
    expect(await warren(['apply', '-y', ...allowed], { folder })).toMatchObject({ code: 0 })
    expect(await api.get(['exchanges', vhost, 'x'])).toMatchObject({ arguments: { 'alternate-exchange': 'more' } })
    expect(before).toHaveLength(3)
    expect(await bindingsIn(vhost)).toEqual(before)
    expect(await api.get(['topic-permissions', vhost, user])).toMatchObject([
      { exchange: 'x', write: '^a', read: '^b' },
    ])
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })

  it.each([
    ['while there is none', 'swallows the request'],
    ['when the new one is there', 'swallows the answer'],
  ] as const)('of an exchange that is killed %s restores everything in the next run', async (_when, trouble) => {
    const vhost = await freshVhost()
    const user = freshName('user')
    const { api } = await testBroker()
    onTestFinished(() => api.delete(['users', user]))
    const text = (properties: string) =>
      `${headOf(vhost)}exchanges:\n  x: { type: topic${properties} }\nqueues:\n  q: { type: classic, bindings: [{ exchange: x, routingKey: k }] }\n`
    const folder = await files({
      'topology.yaml': text(''),
      'empty.yaml': headOf(vhost),
      'external.yaml': `${headOf(vhost)}exchanges:\n  x: { external: true }\n`,
    })
    expect(await warren(['apply', '-y', 'topology.yaml'], { folder })).toMatchObject({ code: 0 })
    await api.put(['users', user], { password: 'w0rd', tags: '' })
    await api.put(['topic-permissions', vhost, user], { exchange: 'x', write: '^a', read: '^b' })
    await api.put(['queues', vhost, 'nobodys'], { durable: true })
    await api.post(['bindings', vhost, 'e', 'x', 'q', 'nobodys'], { routing_key: 'undeclared.#' })
    await api.post(['bindings', vhost, 'e', 'amq.headers', 'e', 'x'], { arguments: { 'x-match': 'any', pages: 3 } })
    const before = await bindingsIn(vhost)
    await writeFile(`${folder}/topology.yaml`, text(', autoDelete: true'))
    const running: { kill?: () => void } = {}
    const kill = () => running.kill?.()
    const swallow: Trouble = (_count, { method, path }) => {
      if (method !== 'PUT' || !path.startsWith('/api/exchanges/')) return undefined
      if (trouble === 'swallows the request') kill()
      return trouble
    }
    await using proxy = await faultProxy(swallow, { onSwallowed: kill })
    const child = await startWarren(['apply', '-y', '--allow', `replace=exchange:${vhost}/x`, 'topology.yaml'], {
      folder,
      environment: { WARREN_URL: proxy.url },
    })
    running.kill = () => child.kill('SIGKILL')
    expect(await child.ended).toMatchObject({ signal: 'SIGKILL' })
    expect(await bindingsIn(vhost)).toEqual([])

    for (const without of ['empty.yaml', 'external.yaml'])
      expect(await warren(['plan', without], { folder })).toMatchObject({
        code: 4,
        stdout: expect.stringContaining('its bindings are stored in a journal on the broker'),
      })
    const x = `exchange:${vhost}/x`
    expect(await warren(['plan', '--exclude', x, 'topology.yaml'], { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(`it needs ${x}, which this plan leaves out`),
    })
    await until(
      async () => (await warren(['apply', '-y', '--target', 'queue:*', 'topology.yaml'], { folder })).code === 0,
      'the lock to be free, and a plan without the exchange to have nothing to do',
    )
    await warren(['plan', '--out', 'saved.json', 'topology.yaml'], { folder })
    await until(
      async () => (await warren(['apply', 'saved.json'], { folder })).code === 0,
      'the saved plan to bring back what is in the journal',
    )
    const record = await api.get<{ value: { owned: string[] } }>([
      'global-parameters',
      recordName({ project: 'shop', vhost }),
    ])
    expect(record?.value.owned).toContain(x)
    expect(await api.get(['exchanges', vhost, 'x'])).toMatchObject({ auto_delete: true })
    expect(await bindingsIn(vhost)).toEqual(before)
    expect(await api.get(['topic-permissions', vhost, user])).toMatchObject([
      { exchange: 'x', write: '^a', read: '^b' },
    ])
    expect(await warren(['plan', '--prune', '--detailed-exitcode', 'topology.yaml'], { folder })).toMatchObject({
      code: 0,
    })
  })

  it('whose journal is damaged is blocked, and says what to do', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const name = journalName({ project: 'shop', vhost })
    onTestFinished(() => api.delete(['global-parameters', name]))
    await api.put(['global-parameters', name], { value: { format: 1, moves: 'half' } })
    const folder = await files({ 'topology.yaml': boundQueue(vhost, 'classic') })

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/journal of unfinished moves .* is damaged[^]*clear_global_parameter/),
    })
    expect(await api.get(['queues', vhost, 'q'])).toBeUndefined()
  })
})

describe('renamedFrom of an exchange', () => {
  it('moves its bindings, undeclared ones included, and deletes the old queue', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const text = (name: string, properties: string) =>
      `${headOf(vhost)}exchanges:\n  ${name}: { type: topic${properties} }\nqueues:\n  q: { type: classic, bindings: [{ exchange: ${name}, routingKey: k }] }\n`
    const folder = await files({ 'topology.yaml': text('old', '') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await api.post(['bindings', vhost, 'e', 'old', 'q', 'q'], { routing_key: 'undeclared' })
    await api.post(['bindings', vhost, 'e', 'amq.topic', 'e', 'old'], { routing_key: 'into' })
    const before = await bindingsIn(vhost)
    await writeFile(`${folder}/topology.yaml`, text('new', ', renamedFrom: old'))

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    expect(await api.get(['exchanges', vhost, 'old'])).toBeUndefined()
    expect(await bindingsIn(vhost)).toEqual(before.map((each) => each.replace(/\bold\b/, 'new')).toSorted())
    expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })
})

describe('two applies of one project at once', () => {
  it('exclude each other, and a killed one releases its lock', async () => {
    const vhost = await freshVhost()
    const folder = await files({
      'topology.yaml': `${headOf(vhost)}queues:\n  q: { type: classic }\n`,
      'other.yaml': `warren: 1\nproject: billing\nvhost: ${vhost}\nqueues:\n  bills: { type: classic }\n`,
    })
    let isWriting = false
    await using proxy = await faultProxy((_count, { method, path }) => {
      if (method !== 'PUT' || !path.startsWith('/api/queues/')) return undefined
      isWriting = true
      return 'swallows the answer'
    })
    const environment = { WARREN_URL: proxy.url }
    const first = await startWarren(['apply', '-y', '--timeout', '10m', 'topology.yaml'], { folder, environment })
    await until(() => isWriting, 'the queue to be written')

    expect(await warren(['apply', '-y', 'topology.yaml'], { folder })).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/another apply of the project "shop" is under way in vhost/),
    })
    expect(await warren(['apply', '-y', 'other.yaml'], { folder })).toMatchObject({ code: 0 })
    first.kill('SIGKILL')
    expect(await first.ended).toMatchObject({ code: null, signal: 'SIGKILL' })
    await until(
      async () => (await warren(['apply', '-y', 'topology.yaml'], { folder })).code === 0,
      'an apply to get the lock',
    )
    for (const path of ['topology.yaml', 'other.yaml'])
      expect(await warren(['plan', '--prune', '--detailed-exitcode', path], { folder })).toMatchObject({ code: 0 })
  })
})

describe('--migrate', () => {
  it('does nothing while another queue has the name of the holding queue', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const folder = await files({ 'topology.yaml': boundQueue(vhost, 'classic') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await writeFile(`${folder}/topology.yaml`, boundQueue(vhost, 'quorum'))
    await api.put(['queues', vhost, 'q.moving'], { durable: true })
    await api.post(['exchanges', vhost, 'amq.default', 'publish'], {
      properties: {},
      routing_key: 'q.moving',
      payload: 'kept',
      payload_encoding: 'string',
    })
    const migrate = ['apply', '-y', '--migrate', `queue:${vhost}/q`]

    expect(await warren(migrate, { folder })).toMatchObject({
      code: 4,
      stdout: expect.stringContaining(`its messages would wait in queue:${vhost}/q.moving meanwhile`),
    })
    expect(await api.get(['queues', vhost, 'q'])).toMatchObject({ type: 'classic' })
    await api.delete(['queues', vhost, 'q.moving'])
    expect(await warren(migrate, { folder })).toMatchObject({ code: 0 })
    expect(await api.get(['queues', vhost, 'q'])).toMatchObject({ type: 'quorum' })
  })
})
