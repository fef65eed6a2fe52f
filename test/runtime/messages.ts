import type { ConsumeMessage, MessageProperties } from 'amqplib'
import { messageProperties } from '../../src/testing/handlers/delivered-message.ts'
import { systemClock } from '../../src/runtime/clock.ts'
import type { DeliverySession } from '../../src/runtime/consume/delivery.ts'

/** A message as amqplib delivers it. */
export function message({
  body = '{}',
  properties = {},
  fields = {},
}: {
  body?: string | Buffer
  properties?: Partial<MessageProperties>
  fields?: Partial<ConsumeMessage['fields']>
} = {}): ConsumeMessage {
  return {
    content: Buffer.from(body),
    properties: messageProperties({ deliveryMode: undefined, ...properties }),
    fields: { consumerTag: 'c', deliveryTag: 1, redelivered: false, exchange: 'tasks', routingKey: 'email', ...fields },
  }
}

/** The session of a delivery in a test that settles nothing. */
export const UNUSED_SESSION: DeliverySession = {
  clock: systemClock,
  isStream: false,
  isLive: true,
  isDraining: false,
  over: new AbortController().signal,
  settle: () => false,
  runAgain: () => undefined,
}
