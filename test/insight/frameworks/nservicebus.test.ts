import { describe, expect, it } from 'vitest'
import { recognizeFrameworks } from '../../../src/insight/frameworks/recognize-frameworks.ts'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import {
  nserviceBusDelays,
  nserviceBusDirectEndpoint,
  nserviceBusEndpoint,
} from '../../builders/frameworks/nservicebus.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { addressesOf, recognized } from './recognized.ts'

describe('recognizeFrameworks: NServiceBus', () => {
  it('recognizes the delay infrastructure with all its bindings as shared', () => {
    const shared = addressesOf(declaredBy(nserviceBusDelays()), 'shared-infrastructure')

    expect(shared).toHaveLength(29 + 28 + 56)
    expect(shared.filter((address) => address.includes('27'))).toEqual([
      'exchange:%2F/nsb.v2.delay-level-27',
      'queue:%2F/nsb.v2.delay-level-27',
      'binding:%2F/nsb.v2.delay-level-27/queue/nsb.v2.delay-level-27/1.%23',
      'binding:%2F/nsb.v2.delay-level-27/exchange/nsb.v2.delay-level-26/0.%23',
    ])
  })

  it('recognizes the delay infrastructure of versions before 7', () => {
    const old = topology({
      exchanges: [exchange('nsb.delay-delivery', { type: 'topic' })],
      queues: [queue('nsb.delay-level-00')],
    })

    expect(recognized(old, 'shared-infrastructure')).toEqual([
      'exchange:%2F/nsb.delay-delivery: NServiceBus, delay delivery',
      'queue:%2F/nsb.delay-level-00: NServiceBus, delay level',
    ])
  })

  it('recognizes endpoints and message types as objects of the application', () => {
    const broker = declaredBy(
      nserviceBusDelays(),
      nserviceBusEndpoint('Billing', 'Shop.Events:OrderPlaced'),
      nserviceBusDirectEndpoint('Audit', 'Shop.Events:OrderPlaced'),
    )

    expect(recognized(broker, 'application')).toEqual([
      'exchange:%2F/Billing: NServiceBus, endpoint',
      'exchange:%2F/System:Object: NServiceBus, message type',
      'exchange:%2F/Shop.Events:OrderPlaced: NServiceBus, message type',
      'queue:%2F/Billing: NServiceBus, endpoint',
      'queue:%2F/Audit: NServiceBus, endpoint',
    ])
  })

  it('leaves the binding of an endpoint to the delay delivery to the application', () => {
    const broker = declaredBy(nserviceBusDelays(), nserviceBusEndpoint('Billing'))

    expect([...recognizeFrameworks(broker).keys()].filter((each) => each.includes('%23.Billing'))).toEqual([])
  })

  it('ignores queues that are bound to the delay delivery by another key', () => {
    const broker = declaredBy(nserviceBusDelays(), {
      exchanges: [],
      queues: [queue('delayed-copies')],
      bindings: [binding('nsb.v2.delay-delivery', 'delayed-copies', { routingKey: '#' })],
    })

    expect(recognized(broker, 'application')).toEqual([])
  })
})
