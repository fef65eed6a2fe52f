/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { describe, expect, it } from 'vitest'
import type { QueueSection } from '../../../src/desired/declaration/document.ts'
import { expanded } from '../../desired/expand/declared.ts'
import { freshVhost, testBroker } from '../support/brokers/broker.ts'

const LONGEST = '3650d'

/** Queues with all arguments of their type, with minimum and maximum values. */
const QUEUES: Record<string, QueueSection> = {
  classic: {
    type: 'classic',
    durable: true,
    messageTtl: LONGEST,
    expires: LONGEST,
    maxLength: 0,
    maxLengthBytes: '1TiB',
    overflow: 'reject-publish-dlx',
    singleActiveConsumer: true,
    maxPriority: 255,
    retry: { delays: ['0s', 1, '90s', LONGEST] },
    deadLetter: { messageTtl: 0, maxLength: 5, maxLengthBytes: 5 },
  },
  quorum: {
    type: 'quorum',
    messageTtl: 0,
    expires: 1_000_000,
    maxLength: 10,
    maxLengthBytes: 0,
    singleActiveConsumer: false,
    deliveryLimit: 0,
    leaderLocator: 'client-local',
    initialGroupSize: 1,
    retry: { initial: '1s', factor: 1.7, max: '1m', attempts: 4 },
    deadLetter: true,
  },
  discarding: { type: 'quorum', overflow: 'drop-head', retry: { delay: '1s', attempts: 3, then: 'discard' } },
  stream: {
    type: 'stream',
    maxLengthBytes: '20GB',
    maxAge: '1s',
    streamMaxSegmentSize: '3GB',
    leaderLocator: 'client-local',
    initialGroupSize: 1,
  },
}

describe('the properties of queues', () => {
  it('are arguments that the broker accepts and keeps', async () => {
    const { api } = await testBroker()
    const vhost = await freshVhost()
    const { queues } = expanded({ queues: QUEUES }).topology

    for (const { name, type, durable, autoDelete, arguments: table } of queues) {
      const withType = { ...table, 'x-queue-type': type }
      await api.put(['queues', vhost, name], { durable, auto_delete: autoDelete, arguments: withType })
      expect(await api.get(['queues', vhost, name])).toMatchObject({
        type,
        durable,
        auto_delete: autoDelete,
        arguments: withType,
      })
    }
    expect(queues).toHaveLength(14)
  })
})
