import type { Channel } from 'amqplib'
import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import type { ReconnectingConnection } from '../../../src/runtime/connection/reconnecting-connection.ts'
import { RequesterPresence } from '../../../src/runtime/requests/requester-presence.ts'

const SENDER = 'amq.rabbitmq.reply-to.g1h2'

/** A broker that knows the sender or not, and records which addresses it was asked for. */
function broker({ isThere }: { isThere: boolean }) {
  const asked: string[] = []
  const checkQueue = (name: string): Promise<unknown> => {
    asked.push(name)
    return isThere ? Promise.resolve({}) : Promise.reject(Object.assign(new Error('no queue'), { code: 404 }))
  }
  const channel = (): Channel =>
    Object.assign(new EventEmitter(), { checkQueue, close: () => Promise.resolve() }) as unknown as Channel
  const connection = { current: { model: { createChannel: () => Promise.resolve(channel()) } } }
  return { asked, presence: new RequesterPresence(connection as unknown as ReconnectingConnection) }
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

describe('the presence of senders', () => {
  it('is asked once for replies at the same time, and not again soon while the sender is there', async () => {
    const { asked, presence } = broker({ isThere: true })
    const gone: string[] = []
    for (const name of ['a', 'b']) presence.check(SENDER, () => gone.push(name))
    await turns()
    presence.check(SENDER, () => gone.push('c'))
    await turns()

    expect(asked).toEqual([SENDER])
    expect(gone).toEqual([])
  })

  it('reports each reply to a sender that is gone', async () => {
    const { presence } = broker({ isThere: false })
    const gone: string[] = []
    for (const name of ['a', 'b']) presence.check(SENDER, () => gone.push(name))
    await turns()
    presence.check(SENDER, () => gone.push('c'))
    await turns()

    expect(gone).toEqual(['a', 'b', 'c'])
  })

  it('is not asked for queues, to which replies are mandatory', async () => {
    const { asked, presence } = broker({ isThere: false })
    presence.check('answers', () => undefined)
    await turns()

    expect(asked).toEqual([])
  })
})
