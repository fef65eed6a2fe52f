import { describe, expect, it, onTestFinished } from 'vitest'
import { freshName, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { faultProxy } from '../support/proxies/fault-proxy.ts'
import { warren } from '../support/warren-in-process.ts'

/** A virtual host that a project has created, and the function that destroys it. */
async function place(declared: string) {
  const { api } = await testBroker()
  const vhost = freshName('vhost')
  onTestFinished(() => api.delete(['vhosts', vhost]))
  const folder = await files({
    'topology.yaml': `warren: 1\nproject: shop\nvhost: { name: ${vhost}, description: of a test }\n${declared}`,
  })
  expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
  const args = ['destroy', '--confirm', 'shop', '--allow', `delete=vhost:${vhost}`]
  return {
    api,
    vhost,
    destroy: (environment: Readonly<Record<string, string>> = {}) => warren(args, { folder, environment }),
    publish: (queue: string) =>
      api.post(['exchanges', vhost, 'amq.default', 'publish'], {
        properties: { delivery_mode: 2 },
        routing_key: queue,
        payload: 'one',
        payload_encoding: 'string',
      }),
  }
}

describe('a virtual host that is destroyed', () => {
  it('is kept if one of its queues is kept', async () => {
    const { api, vhost, destroy, publish } = await place('queues:\n  q: { type: quorum }\n')
    let seen = 0
    // The second count belongs to the apply; the first one belongs to the plan.
    await using proxy = await faultProxy(async (_count, { path }) => {
      if (path.includes('enable_queue_totals') && ++seen === 2) await publish('q')
      return undefined
    })

    const ended = await destroy({ WARREN_URL: proxy.url })
    expect(ended).toMatchObject({ code: 5, stdout: expect.stringContaining('it has 1 message, and the plan named 0') })
    expect(ended.stdout).toContain(`skipped  delete vhost:${vhost}, because queue:${vhost}/q was not done`)
    expect(await api.get(['queues', vhost, 'q'])).toMatchObject({ name: 'q' })
  })

  it('is listed with the objects of others in it, and kept if there are more of them later', async () => {
    const { api, vhost, destroy, publish } = await place('queues:\n  q: { type: classic }\n')
    await api.put(['queues', vhost, 'nobodys'], { durable: true })
    await publish('nobodys')
    // After the plan, right before the project's own queue is deleted.
    await using proxy = await faultProxy(async (_count, { method, path }) => {
      if (method === 'DELETE' && path.startsWith('/api/queues/')) await publish('nobodys')
      return undefined
    })

    const stopped = await destroy({ WARREN_URL: proxy.url })
    expect(stopped).toMatchObject({
      code: 7,
      stdout: expect.stringContaining(
        `! 1 object that the project does not own (queue:${vhost}/nobodys), with 1 message and 0 consumers`,
      ),
    })
    expect(stopped.stdout).toContain('it has 2 messages, and the plan named 1')
    expect(await api.get(['queues', vhost, 'nobodys'])).toMatchObject({ name: 'nobodys' })
    expect(await destroy()).toMatchObject({ code: 0, stdout: expect.stringContaining('with 2 messages') })
    expect(await api.get(['vhosts', vhost])).toBeUndefined()
  })

  it('is kept if another project has created something in it since the plan', async () => {
    const { api, vhost, destroy } = await place('queues:\n  q: { type: classic }\n')
    const policy = { pattern: '^x', definition: { 'max-length': 5 } }
    await using proxy = await faultProxy(async (_count, { method, path }) => {
      if (method === 'DELETE' && path.startsWith('/api/queues/')) await api.put(['policies', vhost, 'theirs'], policy)
      return undefined
    })

    expect(await destroy({ WARREN_URL: proxy.url })).toMatchObject({
      code: 7,
      stdout: expect.stringContaining(`policy:${vhost}/theirs would be deleted with it`),
    })
    expect(await api.get(['policies', vhost, 'theirs'])).toMatchObject({ name: 'theirs' })
    expect(await destroy()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`1 object that the project does not own (policy:${vhost}/theirs)`),
    })
  })

  it('deletes its lock with it, without reporting a lost lock', async () => {
    const { api, vhost, destroy } = await place('queues:\n  q: { type: classic }\n')
    const ended = await destroy()

    expect(ended).toMatchObject({ code: 0, stdout: expect.stringContaining('Applied') })
    expect(ended.stdout + ended.stderr).not.toContain('lock of the project')
    expect(await api.get(['vhosts', vhost])).toBeUndefined()
  })
})
