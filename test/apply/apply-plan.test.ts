import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { applyPlan } from '../../src/apply/apply-plan.ts'
import { ManagementClient } from '../../src/broker/management/client.ts'
import { Secret } from '../../src/model/secrets/secret.ts'
import { queue, topology, user } from '../builders/objects.ts'
import { planOf } from '../builders/plan-of.ts'

/** Faults of the broker, which a real one does not produce on demand. */

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()))
})

async function clientOf(answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(answer)
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const connection = { url: `http://127.0.0.1:${port}`, user: 'me', password: new Secret('pw') }
  const client = new ManagementClient({ ...connection, retries: 0 })
  closers.push(async () => {
    await client.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return client
}

const queues = Array.from({ length: 20 }, (_, index) => queue(`q${String(index).padStart(2, '0')}`))

describe('applyPlan', () => {
  it('stops when the broker has gone away, and skips the rest', async () => {
    let writes = 0
    const client = await clientOf((request) => {
      writes += 1
      request.socket.destroy()
    })
    const report = await applyPlan(client, planOf(topology(), topology({ queues })), { parallelism: 3 })

    expect(writes).toBeLessThan(10)
    expect(report.outcomes.map(({ status }) => status)).toEqual([
      ...Array.from({ length: writes }, () => 'failed'),
      ...Array.from({ length: 20 - writes }, () => 'skipped'),
    ])
    expect(report).toMatchObject({ interrupted: false })
  })

  it('continues when a single request gets no answer', async () => {
    const seen = new Set<string>()
    const client = await clientOf((request, response) => {
      const { url = '' } = request
      if (url.endsWith('/q05')) return void request.socket.destroy()
      seen.add(url)
      response.writeHead(request.method === 'GET' ? 500 : 204).end()
    })
    await applyPlan(client, planOf(topology(), topology({ queues })), { parallelism: 3 })

    expect([...seen].filter((url) => url.startsWith('/api/queues/%2F/q'))).toHaveLength(19)
  })

  it('moves at most as many queues at the same time as a batch allows', async () => {
    let open = 0
    let most = 0
    const client = await clientOf(({ url = '' }, response) => {
      // All queues share one read of the journal.
      if (url.includes('/global-parameters/')) return void response.writeHead(404).end()
      open += 1
      most = Math.max(most, open)
      setTimeout(() => {
        open -= 1
        response.writeHead(500).end()
      }, 5)
    })
    const quorum = queues.map((each) => ({ ...each, type: 'quorum' as const }))
    const plan = planOf(topology({ queues }), topology({ queues: quorum }), {}, { migrate: new Set(['queue:*']) })

    const { outcomes } = await applyPlan(client, plan, { parallelism: 16, batch: 3 })
    expect([most, new Set(outcomes.map(({ status }) => status))]).toEqual([3, new Set(['failed'])])
  })

  it('does not show a password hash that the reason of the broker contains', async () => {
    const client = await clientOf((_request, response) => {
      response.writeHead(400).end(JSON.stringify({ error: 'bad_request', reason: 'not base64: <<"s3cret hash">>' }))
    })
    const location = { file: 'topology.yaml', line: 1, column: 1 }
    const credential = { kind: 'hash', hash: new Secret('s3cret hash'), written: { location } } as const
    const plan = planOf(topology(), topology({ users: [user('app', { credential })] }))

    expect((await applyPlan(client, plan, { parallelism: 1 })).outcomes).toEqual([
      {
        address: 'user:app',
        action: 'create',
        status: 'failed',
        code: 'REQUEST_FAILED',
        refused: false,
        reason: "400 the broker's reason is not shown, because the refused value contains a secret",
      },
    ])
  })
})
