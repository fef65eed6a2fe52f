import { describe, expect, it } from 'vitest'
import type { DeadLetterSession } from '../../../src/operations/dead-letters/dead-letter-session.ts'
import { stateToLook } from '../../../src/operations/dead-letters/dead-letter-state.ts'

/** The state of a queue with one message, as a broker reports it. */
function stateOf(properties: object, useDeliveries = false) {
  const row = { name: 'jobs_error', vhost: '/', type: 'classic', arguments: {}, ...properties }
  const channel = { checkQueue: () => Promise.resolve({ messageCount: 1, consumerCount: 1 }) }
  const session = {
    client: { get: () => Promise.resolve([row]) },
    amqp: { ask: (_vhost: string, _doing: string, ask: (on: typeof channel) => unknown) => ask(channel) },
    broker: { version: '4.3.6' },
  } as unknown as DeadLetterSession
  return stateToLook(session, { vhost: '/', name: 'jobs_error', routes: [] }, useDeliveries)
}

describe('stateToLook', () => {
  it('counts the messages of a queue', async () => {
    expect(await stateOf({ auto_delete: false })).toMatchObject({ type: 'classic', ready: 1, consumers: 1 })
  })

  it('refuses an auto-delete queue, which the broker would delete with its messages, in any case', async () => {
    await expect(stateOf({ auto_delete: true })).rejects.toMatchObject({ code: 'QUEUE_DELETES_ITSELF' })
    await expect(stateOf({ auto_delete: true }, true)).rejects.toMatchObject({ code: 'QUEUE_DELETES_ITSELF' })
  })

  it('refuses a stream', async () => {
    await expect(stateOf({ type: 'stream' })).rejects.toMatchObject({ code: 'NOT_A_QUEUE' })
  })
})
