import { describe, expect, it } from 'vitest'
import { recognizeFrameworks } from '../../../src/insight/frameworks/recognize-frameworks.ts'
import { celery } from '../../builders/frameworks/celery.ts'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import { golevelup } from '../../builders/frameworks/golevelup.ts'
import { nestMicroservices } from '../../builders/frameworks/nestjs.ts'
import { binding, exchange, queue, topology, vhost } from '../../builders/objects.ts'

describe('recognizeFrameworks', () => {
  it('says which framework declared an object, its purpose, and the reason', () => {
    const recognized = recognizeFrameworks(declaredBy(celery('celery')))

    expect(recognized.get('exchange:%2F/celeryev')).toEqual({
      framework: 'Celery',
      what: 'events',
      role: 'infrastructure',
      why: 'Workers send their monitoring events through it. Each worker and monitor declares it at its start.',
    })
  })

  it('gives a binding to infrastructure the facts of this infrastructure', () => {
    const recognized = recognizeFrameworks(
      topology({
        exchanges: [exchange('celeryev', { type: 'topic' })],
        queues: [queue('archive')],
        bindings: [binding('celeryev', 'archive', { routingKey: '#' })],
      }),
    )

    expect(recognized.get('binding:%2F/celeryev/queue/archive/%23')?.what).toBe('events')
    expect(recognized.has('queue:%2F/archive')).toBe(false)
  })

  it('examines each virtual host separately', () => {
    const recognized = recognizeFrameworks(
      topology({
        vhosts: [vhost('a'), vhost('b')],
        exchanges: [
          exchange('celeryev', { vhost: 'a', type: 'topic' }),
          exchange('emails', { vhost: 'a' }),
          exchange('emails', { vhost: 'b' }),
        ],
        queues: [queue('emails', { vhost: 'a' }), queue('emails', { vhost: 'b' })],
        bindings: [
          binding('emails', 'emails', { vhost: 'a', routingKey: 'emails' }),
          binding('emails', 'emails', { vhost: 'b', routingKey: 'emails' }),
        ],
      }),
    )

    expect(recognized.has('queue:a/emails')).toBe(true)
    expect(recognized.has('queue:b/emails')).toBe(false)
  })

  it.each([
    ['NestJS', nestMicroservices('cats', 'dogs', 'dog.adopted', 'dog.*')],
    ['golevelup', golevelup('events', { 'billing-on-order': 'order.placed', 'mail-on-order': 'order.#' })],
  ])('recognizes nothing of %s, which declares only names of the application', (_, declarations) => {
    expect([...recognizeFrameworks(declaredBy(declarations))]).toEqual([])
  })
})
