import { describe, expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { warren } from '../support/warren-in-process.ts'

const QUEUE = 'q/1 %'
/** There are enough objects that changed ones are read back one by one. */
const OTHERS = Array.from({ length: 100 }, (_, n) => `  other-${n}:\n`).join('')

const topology = (vhost: string, bindings: string) => `warren: 1
project: shop
vhost: ${vhost}
exchanges:
  events: { type: topic }
  inner: { type: fanout }
queues:
  "${QUEUE}":
${OTHERS}
bindings:${bindings}
`

const ADDED = `
  - { source: events, destination: { queue: "${QUEUE}" }, routingKey: a }
  - { source: events, destination: { queue: "${QUEUE}" }, routingKey: b.# }
  - { source: events, destination: { exchange: inner }, routingKey: c }`

/** Adds the bindings; `during` receives each request before the broker. */
async function addBindings(during: (request: string, vhost: string) => Promise<void>) {
  const vhost = await freshVhost()
  const before = await files({ 'topology.yaml': topology(vhost, ' []') })
  expect(await warren(['apply', '-y'], { folder: before })).toMatchObject({ code: 0 })
  const requests: string[] = []
  await using proxy = await faultProxy(async (_count, { method, path }) => {
    requests.push(`${method} ${decodeURIComponent(path)}`)
    await during(`${method} ${decodeURIComponent(path)}`, vhost)
    return undefined
  })
  const folder = await files({ 'topology.yaml': topology(vhost, ADDED) })
  const ended = await warren(['apply', '-y'], { folder, environment: { WARREN_URL: proxy.url } })
  return { ...ended, vhost, requests }
}

describe('reading back a few of many objects', () => {
  it('sends one request for the bindings of each end', async () => {
    const { code, vhost, requests } = await addBindings(() => Promise.resolve())

    expect(code).toBe(0)
    const writes = requests.findLastIndex((each) => each.startsWith(`POST /api/bindings/${vhost}`))
    const read = requests.slice(writes + 1).filter((each) => each.includes('bindings'))
    expect(read.toSorted()).toEqual([
      `GET /api/exchanges/${vhost}/inner/bindings/destination`,
      `GET /api/queues/${vhost}/${QUEUE}/bindings`,
    ])
  })

  it('detects a binding that the broker accepted but does not have', async () => {
    const { api } = await testBroker()
    const { code, stdout, stderr } = await addBindings(async (request, vhost) => {
      if (request === `GET /api/queues/${vhost}/${QUEUE}/bindings`)
        await api.delete(['bindings', vhost, 'e', 'events', 'q', QUEUE, 'b.%23']).catch(() => undefined)
    })

    expect(code).toBe(7)
    expect(stdout + stderr).toContain('the broker accepted it, but it does not exist')
  })
})
