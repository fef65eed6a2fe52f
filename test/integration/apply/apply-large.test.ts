import { connect } from 'amqplib'
import { describe, expect, it, onTestFinished } from 'vitest'
import { amqpUrl, freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { warren } from '../support/warren-in-process.ts'

/** Files of this size are large enough for an early start. */
const PADDING = `# ${'x'.repeat(98)}\n`.repeat(3_000)

const body =
  'exchanges:\n  events: {}\nqueues:\n  q: { type: classic, bindings: [{ exchange: events, routingKey: k }] }\n'
const head = (vhost: string) => `warren: 1\nproject: large\nvhost: ${vhost}\n`

/** The requests of an apply to the broker, in order. */
async function applied(folder: string) {
  const requests: string[] = []
  await using proxy = await faultProxy(async (_count, { method, path }) => {
    requests.push(`${method} ${path.split('?')[0]}`)
    return undefined
  })
  const ended = await warren(['apply', '-y'], { folder, environment: { WARREN_URL: proxy.url } })
  return { ...ended, requests }
}

describe('an apply of large files', () => {
  it('takes the lock and reads the broker before it parses, and only once', async () => {
    const vhost = await freshVhost()
    const folder = await files({ 'topology.yaml': head(vhost) + body + PADDING })

    const { code, requests } = await applied(folder)
    expect(code).toBe(0)
    const firstWrite = requests.findIndex((each) => each.startsWith('PUT'))
    const readBefore = requests.slice(0, firstWrite)
    expect(readBefore.filter((each) => each === `GET /api/queues/${vhost}`)).toHaveLength(1)
    expect(readBefore.filter((each) => each === `GET /api/bindings/${vhost}`)).toHaveLength(1)
    expect(readBefore.indexOf(`GET /api/queues/${vhost}`)).toBeLessThan(readBefore.indexOf('GET /api/whoami'))
    expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
  })

  it('starts again if the headers did not contain everything', async () => {
    const [a, b] = [await freshVhost(), await freshVhost()]
    const hidden = `"\\x${b.charCodeAt(0).toString(16)}${b.slice(1)}"`
    const folder = await files({ 'topology.yaml': `${head(a)}${body}---\n${head(hidden)}${body}${PADDING}` })

    expect(await applied(folder)).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
    const { api } = await testBroker()
    for (const vhost of [a, b]) expect(await api.get(['queues', vhost, 'q'])).toMatchObject({ name: 'q' })
  })

  it('is refused while another one is running', async () => {
    const vhost = await freshVhost()
    const folder = await files({ 'topology.yaml': head(vhost) + body + PADDING })
    const connection = await connect(await amqpUrl(vhost))
    onTestFinished(() => connection.close())
    await (await connection.createChannel()).assertQueue('warren.lock.large', { exclusive: true })

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('another apply of the project "large" is under way'),
    })
  })

  it('releases the lock if the files are invalid', async () => {
    const vhost = await freshVhost()
    const folder = await files({ 'topology.yaml': `${head(vhost)}${body}nonsense: 1\n${PADDING}` })

    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 3 })
    const { api } = await testBroker()
    expect(await api.get(['queues', vhost])).toEqual([])
  })
})
