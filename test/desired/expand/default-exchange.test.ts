/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { describe, expect, it } from 'vitest'
import type { QueueSection } from '../../../src/desired/declaration/document.ts'
import { expand } from '../../../src/desired/expand/expand.ts'
import { declared, expanded, found } from './declared.ts'

const topologyOf = (section: QueueSection) => expanded({ queues: { q: section } }).topology

describe('the default exchange', () => {
  it('sends dead letters directly to the dead-letter queue, without a binding', () => {
    const { queues, bindings } = topologyOf({ type: 'classic', deadLetter: { exchange: '' } })

    expect(queues.find(({ name }) => name === 'q')?.arguments).toEqual({
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'q.dead',
    })
    expect(bindings.map(({ source, destination }) => [source, destination])).toEqual([['q.failed', 'q']])
  })

  it('receives messages that failed for the last time from the runtime, and a consumer may write to it', () => {
    const { routes, deadLetters, topology } = expand(
      declared({
        '/': {
          queues: { q: { type: 'quorum', deadLetter: { exchange: '', queue: 'letters' } } },
          subscriptions: { s: { queue: 'q' } },
          users: { worker: { can: { consume: ['s'] }, passwordHash: '' } },
        },
      }),
      () => ({ schema: {} }),
    ).desired

    expect(routes.subscriptions[0]?.failure).toMatchObject({ last: { exchange: '', routingKey: 'letters' } })
    expect(deadLetters).toMatchObject([{ queue: 'q', deadLetterQueue: 'letters', exchange: '', routingKey: 'letters' }])
    expect(topology.permissions[0]?.write).toBe('^(amq\\.default|q\\.failed)$')
  })

  it('sends dead letters to another declared queue with queue: false', () => {
    const all = { type: 'classic' as const }
    const deadLetter = { exchange: '', queue: false as const, routingKey: 'all' }

    expect(found({ queues: { q: { type: 'classic', deadLetter }, all } })).toEqual([])
    expect(expanded({ queues: { q: { type: 'classic', deadLetter }, all } }).deadLetters).toMatchObject([
      { queue: 'q', deadLetterQueue: 'all' },
    ])
  })

  it('returns waiting messages directly to their queue', () => {
    const { queues } = topologyOf({
      type: 'quorum',
      retry: { delays: ['5s'], via: { exchange: '' } },
      deadLetter: true,
    })

    expect(queues.find(({ name }) => name === 'q.retry.5s')?.arguments).toMatchObject({
      'x-dead-letter-exchange': '',
      'x-dead-letter-routing-key': 'q',
      'x-dead-letter-strategy': 'at-least-once',
    })
  })

  it.each<[QueueSection, string]>([
    [{ deadLetter: { exchange: '', routingKey: 'q' } }, 'default-exchange-key at queues.q.deadLetter.routingKey'],
    [{ deadLetter: { exchange: '', queue: false } }, 'default-exchange-without-queue at queues.q.deadLetter.exchange'],
    [
      { deadLetter: { exchange: '', queue: false, routingKey: 'alll' } },
      'unknown-queue at queues.q.deadLetter.routingKey',
    ],
    [
      { retry: { delays: ['1s'], via: { exchange: '', routingKey: 'other' }, then: 'discard' } },
      'default-exchange-key at queues.q.retry.via.routingKey',
    ],
  ])('sends a message only to the queue that the routing key names: %j', (section, finding) => {
    const codes = found({ queues: { q: { type: 'quorum', ...section }, other: { type: 'classic' } } })

    expect(codes[0]).toBe(finding)
  })
})
