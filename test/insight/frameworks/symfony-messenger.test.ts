import { describe, expect, it } from 'vitest'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import { symfonyMessenger } from '../../builders/frameworks/symfony-messenger.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { addressesOf, recognized } from './recognized.ts'

const DELAY = { 'x-message-ttl': 1000, 'x-expires': 11_000, 'x-dead-letter-exchange': 'messages' }

describe('recognizeFrameworks: Symfony Messenger', () => {
  it('recognizes delay queues with their binding as infrastructure', () => {
    expect(addressesOf(declaredBy(symfonyMessenger('messages')), 'infrastructure')).toEqual([
      'queue:%2F/delay_messages__1000_retry',
      'binding:%2F/delays/queue/delay_messages__1000_retry/delay_messages__1000_retry',
    ])
  })

  it('recognizes delay queues of versions without an ending', () => {
    const queues = [queue('delay_messages_high_1000', { arguments: DELAY })]

    expect(recognized(topology({ queues }), 'infrastructure')).toHaveLength(1)
  })

  it('recognizes the delay exchange as an object of the application, under any name and before the first delay', () => {
    const broker = topology({
      exchanges: [exchange('delays'), exchange('later')],
      queues: [queue('delay_messages__1000_delay', { arguments: DELAY })],
      bindings: [binding('later', 'delay_messages__1000_delay', { routingKey: 'delay_messages__1000_delay' })],
    })

    expect(recognized(broker, 'application')).toEqual([
      'exchange:%2F/delays: Symfony Messenger, delay exchange',
      'exchange:%2F/later: Symfony Messenger, delay exchange',
    ])
  })

  it('ignores delay queues that do not expire ten seconds after their messages', () => {
    const queues = [
      queue('delay_messages__1000_retry', {
        arguments: { 'x-message-ttl': 1000, 'x-dead-letter-exchange': 'messages' },
      }),
      queue('delay_orders', { arguments: DELAY }),
    ]

    expect(recognized(topology({ queues }), 'infrastructure')).toEqual([])
  })

  it('ignores an exchange named `delays` that is bound to other queues', () => {
    const broker = topology({
      exchanges: [exchange('delays')],
      queues: [queue('orders')],
      bindings: [binding('delays', 'orders')],
    })

    expect(recognized(broker, 'application')).toEqual([])
  })
})
