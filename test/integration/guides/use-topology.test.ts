import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import amqp from 'amqplib'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { connect } from '../../../src/runtime/index.ts'
import { type TopologyFixture, useTopology, type UseTopologyOptions } from '../../../src/testing/index.ts'
import { freshName, testBroker } from '../support/brokers/broker.ts'
import { managementApi } from '../support/brokers/management-api.ts'

const TOPOLOGIES = fileURLToPath(new URL('../../../topologies', import.meta.url))

describe('useTopology', () => {
  it('creates a topology whose users have exactly the declared rights, and removes everything in the cleanup', async () => {
    const { api } = await testBroker()
    const email = await use(join(TOPOLOGIES, 'email-pipeline.yaml'), { environment: { EMAIL_API_PASSWORD: 'known' } })

    const producer = await connect({
      topology: email.topology,
      url: email.url({ user: 'email-api' }),
      routes: ['send-email'],
    })
    const worker = await connect({
      topology: email.topology,
      url: email.url({ user: 'email-worker' }),
      routes: ['emails'],
    })
    const received: unknown[] = []
    await worker.consume('emails', (body) => received.push(body))
    const body = { task_id: 'email-1', recipient: 'a@example.com', subject: 'Hello' }
    await producer.publish('send-email', body)
    await vi.waitFor(() => expect(received).toEqual([body]))
    await Promise.all([producer.close(), worker.close()])

    expect(email.vhost()).toMatch(/^\/email-test-[0-9a-f]{12}$/)
    expect(email.vhost('/email')).toBe(email.vhost())
    expect(email.user('email-api')).toEqual({
      name: expect.stringMatching(/^email-api-[0-9a-f]{12}$/) as string,
      password: 'known',
    })
    expect(email.user('email-worker').password).toMatch(/^[0-9a-f]{24}$/)

    await email.cleanup()
    await email.cleanup()

    expect(await api.get(['vhosts', email.vhost()])).toBeUndefined()
    expect(await api.get(['users', email.user('email-api').name])).toBeUndefined()
    expect(await api.get(['users', email.user('email-worker').name])).toBeUndefined()
  })

  it('gives each use its own vhosts, so that tests can run concurrently', async () => {
    const path = join(TOPOLOGIES, 'audit-fanout.yaml')

    const [one, two] = await Promise.all([use(path), use([path])])

    expect(one.vhost()).not.toBe(two.vhost())
  })

  it('creates external objects as declared, and knows a password of every user', async () => {
    const { api, managementUrl } = await testBroker()
    const path = await write(`
warren: 1
project: stand-ins
vhost: shop
exchanges:
  orders: { type: topic, external: true }
  amq.topic: { external: true, type: topic }
queues:
  invoices: { external: true, type: quorum, bindings: [ { exchange: orders, routingKey: "order.*" }, { exchange: amq.topic, routingKey: "#" } ] }
users:
  platform: { external: true, permissions: { read: ".*" } }
  hashed: { passwordHash: "", tags: [management] }
---
warren: 1
project: stand-ins
vhost: /
exchanges: { logs: { type: fanout } }
`)

    const fixture = await use(path)

    const shop = fixture.vhost('shop')
    expect(await api.get(['exchanges', shop, 'orders'])).toMatchObject({ type: 'topic', durable: true })
    expect(await api.get(['queues', shop, 'invoices'])).toMatchObject({ type: 'quorum' })
    expect(await api.get(['bindings', shop, 'e', 'orders', 'q', 'invoices'])).toMatchObject([
      { routing_key: 'order.*' },
    ])
    expect(await api.get(['exchanges', fixture.vhost('/'), 'logs'])).toMatchObject({ type: 'fanout' })
    const platform = fixture.user('platform')
    expect(await api.get(['permissions', shop, platform.name])).toMatchObject({ configure: '', write: '', read: '.*' })
    await (await amqp.connect(fixture.url({ vhost: 'shop', user: 'platform' }))).close()
    const { name: username, password } = fixture.user('hashed')
    expect(await managementApi(managementUrl, { username, password }).get(['whoami'])).toMatchObject({ name: username })
    expect(() => fixture.vhost()).toThrow('The topology has 2 vhosts; name one of "/", "shop"')
    expect(() => fixture.user('nobody')).toThrow('The topology has no user "nobody"; it has "hashed", "platform"')
  })

  it('can delete objects that are protected in the files', async () => {
    const { api } = await testBroker()
    const fixture = await use(await write('warren: 1\nproject: test\nvhost: { name: /shop, protect: true }\n'))
    expect(await api.get(['vhosts', fixture.vhost()])).toMatchObject({ name: fixture.vhost() })

    await fixture.cleanup()

    expect(await api.get(['vhosts', fixture.vhost()])).toBeUndefined()
  })

  it('makes shorter names of the longest ones', async () => {
    const long = 'é'.repeat(127)
    const path = await write(`
warren: 1
project: long
vhost: ${long}
users: { ${long}: { permissions: { read: ".*" } } }
`)

    const fixture = await use(path)

    expect(fixture.vhost(long)).toMatch(/^0-test-[0-9a-f]{12}$/)
    expect(fixture.user(long).name).toMatch(/^0-[0-9a-f]{12}$/)
  })

  it('leaves nothing if the broker does not accept everything', async () => {
    const { api } = await testBroker()
    const vhost = freshName('refused')
    const path = await write(`
warren: 1
project: refused
vhost: ${vhost}
queues: { fine: {}, odd: { arguments: { x-queue-type: mine } } }
`)

    await expect(use(path)).rejects.toThrow(/could not be applied:\n.*odd/)

    const vhosts = await api.get<{ name: string }[]>(['vhosts'])
    expect(vhosts?.filter(({ name }) => name.includes(vhost))).toEqual([])
  })

  it('refuses invalid files, and lists their mistakes in its message', async () => {
    const path = await write(`
warren: 1
project: wrong
exchanges: { events: { type: topic } }
queues: { a: { bindings: [nowhere] }, b: { bindings: [event] } }
`)

    await expect(use(path)).rejects.toThrow(
      expect.objectContaining({
        name: 'InvalidInputError',
        code: 'INVALID_INPUT',
        message: [
          '2 findings in the topology files:',
          `${path}:5:27: exchange "nowhere" is not declared in vhost "/" (declare it under exchanges:, with external: true if another project owns it)`,
          `${path}:5:55: exchange "event" is not declared in vhost "/" (did you mean "events"?)`,
        ].join('\n'),
      }),
    )
  })

  it.each([
    [{ overlay: 'fast.yaml' }, 'useTopology has no option "overlay" (did you mean "overlays"?)'],
    [
      { vhosts: { '/': 'own' } },
      'useTopology has no option "vhosts" (there are: broker, overlays, variables, variableFiles, environment, environmentName, config, project)',
    ],
  ])('refuses an unknown option: %j', async (options, message) => {
    const path = join(TOPOLOGIES, 'audit-fanout.yaml')

    await expect(useTopology(path, options as UseTopologyOptions)).rejects.toThrow(message)
  })
})

async function use(paths: string | readonly string[], options: UseTopologyOptions = {}): Promise<TopologyFixture> {
  const fixture = await useTopology(paths, { broker: await testBroker(), environment: {}, ...options })
  onTestFinished(() => fixture.cleanup())
  return fixture
}

async function write(text: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'warren-test-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'topology.yaml')
  await writeFile(path, text)
  return path
}
