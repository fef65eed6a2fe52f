import { describe, expect, it } from 'vitest'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import { laravel } from '../../builders/frameworks/laravel.ts'
import { queue, topology } from '../../builders/objects.ts'
import { recognized } from './recognized.ts'

describe('recognizeFrameworks: Laravel', () => {
  it('recognizes delay queues as infrastructure', () => {
    expect(recognized(declaredBy(laravel('default')), 'infrastructure')).toEqual([
      'queue:%2F/default.delay.30000: Laravel, delay queue',
    ])
  })

  it('recognizes job queues with the queue of their failed jobs as objects of the application', () => {
    expect(recognized(declaredBy(laravel('default')), 'application')).toEqual([
      'queue:%2F/default: Laravel, job queue',
      'queue:%2F/default.failed: Laravel, queue of failed jobs',
    ])
  })

  it('ignores delay queues whose TTL differs from their name', () => {
    const queues = [
      queue('default.delay.30000', {
        arguments: { 'x-message-ttl': 60_000, 'x-expires': 120_000, 'x-dead-letter-routing-key': 'default' },
      }),
      queue('default.delay.5000', { arguments: { 'x-message-ttl': 5000, 'x-dead-letter-routing-key': 'default' } }),
    ]

    expect(recognized(topology({ queues }), 'infrastructure')).toEqual([])
  })

  it('ignores failed queues to which nothing is rerouted', () => {
    expect(recognized(topology({ queues: [queue('orders'), queue('orders.failed')] }), 'application')).toEqual([])
  })
})
