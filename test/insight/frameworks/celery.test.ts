import { describe, expect, it } from 'vitest'
import { celery, celeryDelays } from '../../builders/frameworks/celery.ts'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { addressesOf, recognized } from './recognized.ts'

describe('recognizeFrameworks: Celery', () => {
  it('recognizes remote control, events, results and broadcast queues as infrastructure', () => {
    expect(recognized(declaredBy(celery('celery', 'emails')), 'infrastructure')).toEqual([
      'exchange:%2F/celery.pidbox: Celery, control exchange',
      'exchange:%2F/reply.celery.pidbox: Celery, reply exchange',
      'exchange:%2F/celeryev: Celery, events',
      'queue:%2F/celery@worker-1.celery.pidbox: Celery, control queue',
      'queue:%2F/9f1c7a52-0b6e-4f0e-9c53-3f4f7c9d1a20.reply.celery.pidbox: Celery, reply queue',
      'queue:%2F/celeryev.9f1c7a52-0b6e-4f0e-9c53-3f4f7c9d1a20: Celery, event queue',
      'queue:%2F/9f1c7a52-0b6e-4f0e-9c53-3f4f7c9d1a20: Celery, result queue',
      'queue:%2F/bcast.9f1c7a52-0b6e-4f0e-9c53-3f4f7c9d1a20: Celery, broadcast queue',
    ])
  })

  it('recognizes task queues and direct queues with their exchanges as objects of the application', () => {
    expect(recognized(declaredBy(celery('celery', 'emails')), 'application')).toEqual([
      'exchange:%2F/celery: Celery, task exchange',
      'exchange:%2F/emails: Celery, task exchange',
      'exchange:%2F/C.dq2: Celery, exchange of direct queues',
      'queue:%2F/celery: Celery, task queue',
      'queue:%2F/emails: Celery, task queue',
      'queue:%2F/celery@worker-1.dq2: Celery, direct queue',
    ])
  })

  it('recognizes the delay levels as shared infrastructure, and leaves the bindings of task queues to the application', () => {
    const shared = addressesOf(declaredBy(celeryDelays('emails')), 'shared-infrastructure')

    expect(shared).toHaveLength(29 + 28 + 56)
    expect(shared).toContain(
      'binding:%2F/celery_delayed_0/exchange/celery_delayed_delivery/' + '%2A.'.repeat(27) + '0.%23',
    )
    expect(shared.filter((address) => address.includes('emails'))).toEqual([])
  })

  it('recognizes delay levels with a prefix', () => {
    const level = exchange('billing_celery_delayed_3', { type: 'topic' })

    expect(recognized(topology({ exchanges: [level] }), 'shared-infrastructure')).toEqual([
      'exchange:%2F/billing_celery_delayed_3: Celery, delay level',
    ])
  })

  it('ignores a queue with a direct exchange of its name if Celery does not run', () => {
    const orders = topology({
      exchanges: [exchange('orders')],
      queues: [queue('orders')],
      bindings: [binding('orders', 'orders', { routingKey: 'orders' })],
    })

    expect(recognized(orders, 'application')).toEqual([])
  })

  it('ignores queues that are only named like results, events and direct queues', () => {
    const queues = [
      queue('9f1c7a52-0b6e-4f0e-9c53-3f4f7c9d1a20'),
      queue('reports@night.dq2'),
      queue('celeryev.archive'),
    ]

    expect(recognized(topology({ queues }), 'infrastructure')).toEqual([])
    expect(recognized(topology({ queues }), 'application')).toEqual([])
  })

  it('ignores a durable exchange whose name ends like that of remote control', () => {
    const exchanges = [exchange('post.pidbox', { type: 'fanout' })]

    expect(recognized(topology({ exchanges }), 'infrastructure')).toEqual([])
  })
})
