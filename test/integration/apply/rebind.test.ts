import { writeFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { warren } from '../support/warren-in-process.ts'

const hash = (vhost: string, ...weights: readonly string[]) =>
  `warren: 1\nproject: shop\nvhost: ${vhost}\nexchanges:\n  ring: { type: x-consistent-hash }\nqueues:\n${weights
    .map((weight, index) => `  q${index}: { bindings: [{ exchange: ring, routingKey: "${weight}" }] }\n`)
    .join('')}`

/** The number of messages that each queue gets, of 300 with different routing keys. The rest are unroutable. */
async function shares(vhost: string, queues: number): Promise<number[]> {
  const { api } = await testBroker()
  const keys = Array.from({ length: 300 }, (_, key) => String(key))
  const publish = (key: string) =>
    api.post(['exchanges', vhost, 'ring', 'publish'], {
      properties: {},
      routing_key: key,
      payload: key,
      payload_encoding: 'string',
    })
  for (let at = 0; at < keys.length; at += 20) await Promise.all(keys.slice(at, at + 20).map(publish))
  const counts: number[] = []
  for (let index = 0; index < queues; index += 1) {
    const got = await api.post<unknown[]>(['queues', vhost, `q${index}`, 'get'], {
      count: 1000,
      ackmode: 'ack_requeue_false',
      encoding: 'auto',
    })
    counts.push(got.length)
  }
  return counts
}

describe('a binding to a consistent-hash exchange', () => {
  it.each([['--prune'], []])(
    'changes its weight in one step, and reports the gap, with the options %j',
    async (...prune) => {
      const vhost = await freshVhost()
      const folder = await files({ 'topology.yaml': hash(vhost, '1', '1') })
      expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
      await writeFile(`${folder}/topology.yaml`, hash(vhost, '3', '1'))

      expect(await warren(['apply', '-y', ...prune.filter(Boolean)], { folder })).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/unbound, then bound[^]*routingKey +"?1"? -> "?3"?[^]*a gap between the two/),
      })

      const [heavy = 0, light = 0] = await shares(vhost, 2)
      expect(heavy + light).toBe(300)
      expect(heavy).toBeGreaterThan(light)
      expect(light).toBeGreaterThan(0)
      expect(await warren(['plan', '--prune', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })
    },
  )

  it('routes after the weight of its only queue was changed', async () => {
    const vhost = await freshVhost()
    const folder = await files({ 'topology.yaml': hash(vhost, '1') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await writeFile(`${folder}/topology.yaml`, hash(vhost, '3'))

    expect(await warren(['apply', '-y', '--prune'], { folder })).toMatchObject({ code: 0 })

    expect(await shares(vhost, 1)).toEqual([300])
  })

  it('is bound again by --rebind after the broker lost its buckets', async () => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const folder = await files({ 'topology.yaml': hash(vhost, '2') })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    await api.post(['bindings', vhost, 'e', 'ring', 'q', 'q0'], { routing_key: '5' })
    await api.delete(['bindings', vhost, 'e', 'ring', 'q', 'q0', '5'])
    expect(await shares(vhost, 1)).toEqual([0])

    expect(await warren(['apply', '-y', '--rebind', `exchange:${vhost}/rings`], { folder })).toMatchObject({ code: 4 })
    expect(await warren(['apply', '-y', '--rebind', `exchange:${vhost}/ring`], { folder })).toMatchObject({ code: 0 })

    expect(await shares(vhost, 1)).toEqual([300])
  })
})
