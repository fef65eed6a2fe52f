import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCommandLine } from '../../src/cli/run-command-line.ts'
import { silentProcess } from '../builders/silent-io.ts'

const ROOT = join(import.meta.dirname, '../..')
const GUIDE = join(ROOT, 'test/guides/docs/topology.yaml')
const TOPOLOGIES = (await readdir(join(ROOT, 'topologies')))
  .filter((name) => /(?<!\.test)\.yaml$/.test(name))
  .map((name) => join(ROOT, 'topologies', name))

async function docs(...args: readonly string[]): Promise<string> {
  let [stdout, stderr] = ['', '']
  const io = silentProcess({ out: (text) => void (stdout += text), err: (text) => void (stderr += text) })
  const code = await runCommandLine(['docs', '--no-config', ...args], io)
  expect([code, stderr]).toEqual([0, ''])
  return stdout
}

interface Asyncapi {
  readonly channels: Record<string, Record<string, unknown>>
  readonly operations: Record<string, Record<string, unknown>>
  readonly components: { readonly schemas: Record<string, unknown> }
}

async function asyncapi(path: string): Promise<Asyncapi> {
  return JSON.parse(await docs(path, '--format', 'asyncapi')) as Asyncapi
}

/** The values of all `$ref` in a document. */
function references(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, each]) =>
    name === '$ref' && typeof each === 'string' ? [each] : references(each),
  )
}

function resolve(document: unknown, reference: string): unknown {
  return reference
    .replace('#/', '')
    .split('/')
    .reduce((value: unknown, name) => (value as Record<string, unknown> | undefined)?.[name], document)
}

describe('warren docs', () => {
  it('names the versions of messages', async () => {
    const page = await docs(join(ROOT, 'test/guides/message-versions/topology.yaml'))

    expect(page).toContain('- Version 2\n')
    expect(page).toContain('- Version 2; accepts 1, 2\n')
  })

  it('names requests, with their replies and the subscription that answers', async () => {
    const page = await docs(join(ROOT, 'test/guides/requests/topology.yaml'))

    expect(page).toContain('### Request `price-quote`')
    expect(page).toContain('- Waits 5s for a reply from [`quotes`](#subscription-')
    expect(page).toMatch(/The schema of the reply:\n\n```json\n[^`]*"currency"/)
  })

  it('describes requests as operations with a reply in AsyncAPI', async () => {
    const document = await asyncapi(join(ROOT, 'test/guides/requests/topology.yaml'))

    const [key = ''] = Object.keys(document.operations).filter((each) => each.endsWith('.price-quote'))
    expect(document.operations[key]).toMatchObject({
      action: 'send',
      title: 'Request price-quote',
      reply: {
        address: { location: '$message.header#/reply-to' },
        channel: { $ref: `#/channels/${key}.reply` },
        messages: [{ $ref: `#/channels/${key}.reply/messages/${key}.reply` }],
      },
    })
    expect(document.channels[`${key}.reply`]).toMatchObject({ address: null, title: 'Replies to price-quote' })
    expect(document.components.schemas[`${key}.reply`]).toMatchObject({ required: ['price', 'currency'] })
    expect(references(document).filter((each) => resolve(document, each) === undefined)).toEqual([])
  })

  it('lists the delays of a publication', async () => {
    const guide = join(ROOT, 'test/guides/delayed-publishing/topology.yaml')

    expect(await docs(guide)).toContain('- May be delayed by 10m, 1h\n')
    expect(Object.values((await asyncapi(guide)).operations)).toContainEqual(
      expect.objectContaining({ 'x-warren-delays': ['10m', '1h'] }),
    )
  })

  it('prints the page of the guide', async () => {
    const guide = await readFile(join(ROOT, 'docs/how-to/document.md'), 'utf8')

    expect(guide).toContain(await readFile(GUIDE, 'utf8'))
    expect(guide).toContain(await docs(GUIDE))
  })

  it.each([GUIDE, ...TOPOLOGIES])('links only to sections of the page: %s', async (path) => {
    const page = await docs(path)

    const anchors = new Set([...page.matchAll(/<a id="([^"]+)">/g)].map(([, id]) => id))
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, id]) => id)
    expect(links.length).toBeGreaterThan(1)
    expect(links.filter((id) => !anchors.has(id))).toEqual([])
  })

  it.each([GUIDE, ...TOPOLOGIES])('writes no reference in AsyncAPI that leads nowhere: %s', async (path) => {
    const document = await asyncapi(path)

    const all = references(document)
    expect(all.length).toBeGreaterThan(1)
    expect(all.filter((each) => resolve(document, each) === undefined)).toEqual([])
  })

  it('writes routes, queues and schemas as AsyncAPI', async () => {
    const { channels, operations, components } = await asyncapi(GUIDE)

    expect(channels['publication.shop.order-paid']).toMatchObject({
      address: 'order.{orderId}.paid',
      parameters: { orderId: {} },
      bindings: {
        amqp: { is: 'routingKey', exchange: { name: 'orders', type: 'topic', durable: true, vhost: 'shop' } },
      },
    })
    expect(channels['queue.shop.invoices']).toMatchObject({
      address: 'invoices',
      bindings: { amqp: { is: 'queue', queue: { name: 'invoices', durable: true, exclusive: false, vhost: 'shop' } } },
      'x-warren-owner': 'billing',
      'x-warren-bindings': [{ exchange: 'orders', routingKey: 'order.*.paid', arguments: {} }],
      'x-warren-retry': ['5s', '5m'],
      'x-warren-dead-letter-queue': 'invoices.dead',
    })
    expect(operations['publication.shop.order-paid']).toMatchObject({ action: 'send' })
    expect(operations['subscription.shop.invoices']).toMatchObject({
      action: 'receive',
      channel: { $ref: '#/channels/queue.shop.invoices' },
    })
    expect(components.schemas['publication.shop.order-paid']).toMatchObject({
      properties: { total: { $ref: '#/components/schemas/publication.shop.order-paid/$defs/amount' } },
    })
  })

  it('leaves out types of exchanges that AsyncAPI does not know', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'warren-docs-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const path = join(folder, 'topology.yaml')
    await writeFile(
      path,
      'warren: 1\nproject: p\nvhost: v\nexchanges: { h: { type: x-consistent-hash } }\n' +
        "queues: { q: { type: classic, bindings: [{ exchange: h, routingKey: '1' }] } }\npublications: { p: { exchange: h, routingKey: a } }\n",
    )

    const { channels } = await asyncapi(path)

    expect(channels['publication.v.p']).toMatchObject({ bindings: { amqp: { exchange: { name: 'h' } } } })
    expect(JSON.stringify(channels['publication.v.p'])).not.toContain('"type"')
    expect(await docs(path)).toContain('Type `x-consistent-hash`')
  })
})
