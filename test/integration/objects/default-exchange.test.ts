import { expect, it } from 'vitest'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'
import { files } from '../support/command-line.ts'
import { until } from '../support/until.ts'
import { warren } from '../support/warren-in-process.ts'

it.each(['classic', 'quorum'])(
  'a %s queue gets waiting messages back, and dead-letters rejected messages, through the default exchange',
  async (type) => {
    const vhost = await freshVhost()
    const { api } = await testBroker()
    const folder = await files({
      'topology.yaml': `warren: 1
project: shop
vhost: ${vhost}
queues:
  q: { type: ${type}, retry: { delays: [100ms], via: { exchange: '' } }, deadLetter: { exchange: '' } }
superStreams:
  orders: { bindingKeys: [eu, us] }
`,
    })
    expect(await warren(['apply', '-y'], { folder })).toMatchObject({ code: 0 })
    expect(await warren(['plan', '--detailed-exitcode'], { folder })).toMatchObject({ code: 0 })

    const message = { properties: {}, routing_key: '100ms', payload: 'm', payload_encoding: 'string' }
    await api.post(['exchanges', vhost, 'q.failed', 'publish'], message)
    const take = (queue: string, ackmode: string) => async () =>
      (
        await api.post<{ payload: string }[]>(['queues', vhost, queue, 'get'], { count: 1, ackmode, encoding: 'auto' })
      )[0]?.payload
    expect(await until(take('q', 'reject_requeue_false'), 'the message to come back')).toBe('m')
    expect(await until(take('q.dead', 'ack_requeue_false'), 'the message to be dead-lettered')).toBe('m')
  },
)
