import { describe, expect, it } from 'vitest'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import { massTransit } from '../../builders/frameworks/mass-transit.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { addressesOf, recognized } from './recognized.ts'

const SHOP = declaredBy(
  massTransit({ 'submit-order': 'Shop.Contracts:SubmitOrder', billing: 'Shop.Contracts:OrderPlaced' }),
)

describe('recognizeFrameworks: MassTransit', () => {
  it('recognizes error and skipped queues, delay exchanges and the endpoint of the bus as infrastructure', () => {
    expect(recognized(SHOP, 'infrastructure')).toEqual([
      'exchange:%2F/submit-order_error: MassTransit, error queue',
      'exchange:%2F/submit-order_skipped: MassTransit, skipped queue',
      'exchange:%2F/billing_error: MassTransit, error queue',
      'exchange:%2F/billing_skipped: MassTransit, skipped queue',
      'exchange:%2F/submit-order_delay: MassTransit, delay exchange',
      'exchange:%2F/web1_ShopApi_bus_8yyyyyfdyyyn5x7obdyfoxjcwp: MassTransit, temporary endpoint',
      'queue:%2F/submit-order_error: MassTransit, error queue',
      'queue:%2F/submit-order_skipped: MassTransit, skipped queue',
      'queue:%2F/billing_error: MassTransit, error queue',
      'queue:%2F/billing_skipped: MassTransit, skipped queue',
      'queue:%2F/web1_ShopApi_bus_8yyyyyfdyyyn5x7obdyfoxjcwp: MassTransit, temporary endpoint',
    ])
  })

  it('recognizes endpoints and message types as objects of the application', () => {
    expect(recognized(SHOP, 'application')).toEqual([
      'exchange:%2F/Shop.Contracts:SubmitOrder: MassTransit, message type',
      'exchange:%2F/Shop.Contracts:OrderPlaced: MassTransit, message type',
      'exchange:%2F/submit-order: MassTransit, endpoint',
      'exchange:%2F/billing: MassTransit, endpoint',
      'queue:%2F/submit-order: MassTransit, endpoint',
      'queue:%2F/billing: MassTransit, endpoint',
    ])
  })

  it('counts the bindings of infrastructure to it, and those between endpoints and message types to the application', () => {
    expect(addressesOf(SHOP, 'infrastructure').filter((address) => address.startsWith('binding:'))).toEqual([
      'binding:%2F/submit-order_error/queue/submit-order_error/',
      'binding:%2F/submit-order_skipped/queue/submit-order_skipped/',
      'binding:%2F/billing_error/queue/billing_error/',
      'binding:%2F/billing_skipped/queue/billing_skipped/',
      'binding:%2F/submit-order_delay/exchange/submit-order/',
      'binding:%2F/web1_ShopApi_bus_8yyyyyfdyyyn5x7obdyfoxjcwp/queue/web1_ShopApi_bus_8yyyyyfdyyyn5x7obdyfoxjcwp/',
    ])
  })

  it('ignores error queues without an exchange of their name', () => {
    const broker = topology({
      exchanges: [exchange('orders', { type: 'fanout' }), exchange('failures')],
      queues: [queue('orders'), queue('orders_error')],
      bindings: [binding('orders', 'orders'), binding('failures', 'orders_error')],
    })

    expect(recognized(broker, 'infrastructure')).toEqual([])
  })

  it('ignores fanout exchanges with a colon that are bound to queues', () => {
    const broker = topology({
      exchanges: [exchange('orders:created', { type: 'fanout' })],
      queues: [queue('billing')],
      bindings: [binding('orders:created', 'billing')],
    })

    expect(recognized(broker, 'application')).toEqual([])
  })

  it('ignores a fanout exchange with a queue of its name to which no message type is bound', () => {
    const broker = topology({
      exchanges: [exchange('orders', { type: 'fanout' })],
      queues: [queue('orders')],
      bindings: [binding('orders', 'orders')],
    })

    expect(recognized(broker, 'application')).toEqual([])
  })
})
