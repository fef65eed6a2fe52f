import { describe, expect, it } from 'vitest'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import { springCloudStream } from '../../builders/frameworks/spring-cloud-stream.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { addressesOf, recognized } from './recognized.ts'

describe('recognizeFrameworks: Spring Cloud Stream', () => {
  it('recognizes anonymous groups with their binding as infrastructure', () => {
    expect(addressesOf(declaredBy(springCloudStream('orders', 'billing')), 'infrastructure')).toEqual([
      'queue:%2F/orders.anonymous.W9MYbXeRTg2uGxDZr1qHvA',
      'binding:%2F/orders/queue/orders.anonymous.W9MYbXeRTg2uGxDZr1qHvA/%23',
    ])
  })

  it('recognizes the anonymous queues of Spring AMQP as infrastructure', () => {
    const queues = [queue('spring.gen-W9MYbXeRTg2uGxDZr1qHvA', { durable: false, autoDelete: true })]

    expect(recognized(topology({ queues }), 'infrastructure')).toEqual([
      'queue:%2F/spring.gen-W9MYbXeRTg2uGxDZr1qHvA: Spring Cloud Stream, anonymous group',
    ])
  })

  it('recognizes destinations, groups and their dead letters as objects of the application', () => {
    expect(recognized(declaredBy(springCloudStream('orders', 'billing')), 'application')).toEqual([
      'exchange:%2F/orders: Spring Cloud Stream, destination',
      'exchange:%2F/DLX: Spring Cloud Stream, dead-letter exchange',
      'queue:%2F/orders.billing: Spring Cloud Stream, consumer group',
      'queue:%2F/orders.billing.dlq: Spring Cloud Stream, dead-letter queue',
    ])
  })

  it('ignores queues that are only named like groups and dead-letter queues', () => {
    const broker = topology({
      exchanges: [exchange('orders', { type: 'topic' }), exchange('orders.DLX', { type: 'topic' })],
      queues: [
        queue('orders.billing', { arguments: { 'x-dead-letter-exchange': 'orders.DLX' } }),
        queue('orders.billing.dlq'),
      ],
      bindings: [
        binding('orders', 'orders.billing', { routingKey: '#' }),
        binding('orders.DLX', 'orders.billing.dlq', { routingKey: '#' }),
      ],
    })

    expect(recognized(broker, 'application')).toEqual([])
  })

  it('ignores durable queues that are only named like anonymous groups', () => {
    const queues = [queue('orders.anonymous.W9MYbXeRTg2uGxDZr1qHvA'), queue('orders.anonymous.customers')]

    expect(recognized(topology({ queues }), 'infrastructure')).toEqual([])
  })
})
