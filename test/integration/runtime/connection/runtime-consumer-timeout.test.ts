import { beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { connect } from '../../../../src/runtime/index.ts'
import { subscription } from '../../../runtime/routes.ts'
import { configuredNode } from '../../support/brokers/configured-node.ts'
import type { ConfiguredNode } from '../../support/brokers/configured-node.ts'
import { keep } from '../runtime-vhost.ts'
import { until } from '../../support/until.ts'

let node: ConfiguredNode

beforeAll(async () => {
  node = await configuredNode({
    // The timeout, and the interval at which a channel checks it, in milliseconds.
    advanced: '[{rabbit, [{consumer_timeout, 2000}, {channel_tick_interval, 1000}]}].\n',
  })
})

describe('a consumer that has exceeded the consumer timeout of the broker (pitfall 31)', () => {
  it('consumes again without waiting for its handler, whether the broker closes the channel or cancels', async () => {
    const { username, password } = node.login
    await node.api.put(['queues', '/', 'email'], { durable: true, arguments: { 'x-queue-type': 'quorum' } })
    const routes = { publications: [], subscriptions: [subscription({ queueType: 'quorum' })] }
    const url = `amqp://${username}:${password}@127.0.0.1:${node.amqpPort}`
    const runtime = await connect({ topology: { routes }, url, logger: false })
    onTestFinished(async () => void (await runtime.close({ deadline: 100 })))
    const down = keep(runtime, 'consumerDown')
    const begun: { redelivered: boolean; signal: AbortSignal }[] = []
    await runtime.consume('emails', async (_body, { redelivered, signal }) => {
      begun.push({ redelivered, signal })
      // The first one never returns.
      if (begun.length === 1) await new Promise(() => undefined)
    })

    await node.api.post(['exchanges', '/', 'amq.default', 'publish'], {
      properties: {},
      routing_key: 'email',
      payload: '1',
      payload_encoding: 'string',
    })
    await until(() => begun.length === 2, 'the second delivery')

    expect(begun.map(({ redelivered, signal }) => [redelivered, signal.aborted])).toEqual([
      [false, true],
      [true, false],
    ])
    const reason =
      Number.parseFloat(node.version) < 4.3 ? /^PRECONDITION_FAILED.* timed? ?out/ : /has cancelled the consumer/
    expect(down[0]?.reason).toMatch(reason)
    expect(runtime.isReady).toBe(true)
  })
})
