import type { ConsumeMessage } from 'amqplib'
import { describe, expect, it } from 'vitest'
import { InFlight } from '../../../../src/broker/amqp/moving/in-flight.ts'

const message = (deliveryTag: number) => ({ fields: { deliveryTag } }) as ConsumeMessage
const tagsOf = (messages: readonly ConsumeMessage[]) => messages.map(({ fields }) => fields.deliveryTag)

function threeMessages() {
  const inFlight = new InFlight()
  return { inFlight, messages: [1, 2, 3].map((tag) => inFlight.add(message(tag))) }
}

describe('InFlight', () => {
  it('takes no message that is not confirmed, and none behind it', () => {
    const { inFlight, messages } = threeMessages()
    const [first, , third] = messages
    if (first) inFlight.confirm(first)
    if (third) inFlight.confirm(third)

    expect(tagsOf(inFlight.takeConfirmed(Infinity))).toEqual([1])
    expect(tagsOf(inFlight.takeConfirmed(Infinity))).toEqual([])
    expect([inFlight.length, inFlight.unconfirmed, inFlight.received]).toEqual([2, 1, 3])
  })

  it('takes a confirmed message together with later ones that were confirmed before it', () => {
    const { inFlight, messages } = threeMessages()
    for (const each of messages.toReversed()) inFlight.confirm(each)

    expect(tagsOf(inFlight.takeConfirmed(Infinity))).toEqual([1, 2, 3])
    expect([inFlight.length, inFlight.unconfirmed]).toEqual([0, 0])
  })

  it('takes at most as many as are wanted, in the order of their deliveries', () => {
    const { inFlight, messages } = threeMessages()
    for (const each of messages) inFlight.confirm(each)

    expect(tagsOf(inFlight.takeConfirmed(2))).toEqual([1, 2])
    expect(tagsOf(inFlight.takeConfirmed(2))).toEqual([3])
  })
})
