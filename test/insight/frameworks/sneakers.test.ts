import { describe, expect, it } from 'vitest'
import { declaredBy } from '../../builders/frameworks/declarations.ts'
import { sneakers } from '../../builders/frameworks/sneakers.ts'
import { binding, exchange, queue, topology } from '../../builders/objects.ts'
import { recognized } from './recognized.ts'

describe('recognizeFrameworks: Sneakers', () => {
  it('recognizes the queues and exchanges of a worker as objects of the application', () => {
    const broker = declaredBy(sneakers('downloads'))

    expect(recognized(broker, 'application')).toEqual([
      'exchange:%2F/sneakers: Sneakers, default exchange of workers',
      'exchange:%2F/downloads-retry: Sneakers, retry exchange',
      'exchange:%2F/downloads-error: Sneakers, error exchange',
      'exchange:%2F/downloads-retry-requeue: Sneakers, requeue exchange',
      'queue:%2F/downloads: Sneakers, queue of a worker',
      'queue:%2F/downloads-retry: Sneakers, retry queue',
      'queue:%2F/downloads-error: Sneakers, error queue',
    ])
    expect(recognized(broker, 'infrastructure')).toEqual([])
  })

  it('ignores retry queues that return their messages through another route', () => {
    const broker = topology({
      exchanges: [exchange('downloads-retry', { type: 'topic' })],
      queues: [
        queue('downloads'),
        queue('downloads-retry', {
          arguments: {
            'x-message-ttl': 60_000,
            'x-dead-letter-exchange': '',
            'x-dead-letter-routing-key': 'downloads',
          },
        }),
      ],
      bindings: [binding('downloads-retry', 'downloads-retry', { routingKey: '#' })],
    })

    expect(recognized(broker, 'application')).toEqual([])
  })
})
