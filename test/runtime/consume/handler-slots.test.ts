import { describe, expect, it } from 'vitest'
import { HandlerSlots } from '../../../src/runtime/consume/handler-slots.ts'
import { Delivery } from '../../../src/runtime/consume/delivery.ts'
import { RateLimit } from '../../../src/broker/amqp/rate-limit.ts'
import { message, UNUSED_SESSION } from '../messages.ts'

function delivery(id: string): Delivery {
  return new Delivery(message({ properties: { messageId: id } }), 'email', UNUSED_SESSION)
}

describe('HandlerSlots', () => {
  it('starts no handler before it is allowed to', () => {
    const begun: (string | undefined)[] = []
    const slots = new HandlerSlots(2, undefined, ({ messageId }) => begun.push(messageId))
    slots.add(delivery('a'))
    expect(begun).toEqual([])

    slots.begin()
    expect(begun).toEqual(['a'])
  })

  it('starts handlers in order, as many at once as there are slots', () => {
    const begun: (string | undefined)[] = []
    const slots = new HandlerSlots(2, undefined, ({ messageId }) => begun.push(messageId))
    slots.begin()
    for (const id of ['a', 'b', 'c', 'd']) slots.add(delivery(id))
    expect(begun).toEqual(['a', 'b'])

    slots.release()
    expect(begun).toEqual(['a', 'b', 'c'])
  })

  it('runs ten thousand handlers that end immediately without a stack overflow', () => {
    let begun = 0
    const slots: HandlerSlots = new HandlerSlots(1, undefined, () => {
      begun++
      slots.release()
    })
    slots.begin()
    for (let n = 0; n < 10_000; n++) slots.add(delivery(String(n)))
    expect(begun).toBe(10_000)
  })

  it('returns the waiting deliveries when it is stopped, and starts no more', () => {
    const begun: (string | undefined)[] = []
    const slots = new HandlerSlots(1, undefined, ({ messageId }) => begun.push(messageId))
    slots.begin()
    for (const id of ['a', 'b', 'c']) slots.add(delivery(id))

    expect(slots.stop().map(({ messageId }) => messageId)).toEqual(['b', 'c'])
    slots.release()
    expect(begun).toEqual(['a'])
  })

  it('waits for the rate limit even if slots are free', async () => {
    const begun: (string | undefined)[] = []
    await new Promise<void>((resolve) => {
      const slots = new HandlerSlots(10, new RateLimit({ count: 1, per: 50 }), ({ messageId }) => {
        begun.push(messageId)
        if (begun.length === 2) resolve()
      })
      slots.begin()
      slots.add(delivery('a'))
      slots.add(delivery('b'))
      expect(begun).toEqual(['a'])
    })
    expect(begun).toEqual(['a', 'b'])
  })
})
