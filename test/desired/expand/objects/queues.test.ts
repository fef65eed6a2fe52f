/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { describe, expect, it } from 'vitest'
import type { QueueSection } from '../../../../src/desired/declaration/document.ts'
import type { Queue } from '../../../../src/model/topology.ts'
import { expand } from '../../../../src/desired/expand/expand.ts'
import { at, declared, expanded, found, messagesOf, type Sections } from '../declared.ts'

function queueOf(section: QueueSection, sections: Sections = {}): Queue | undefined {
  return expanded({ ...sections, queues: { q: section } }).topology.queues.find(({ name }) => name === 'q')
}

function foundIn(section: QueueSection, sections: Sections = {}): string[] {
  return found({ ...sections, queues: { q: section } })
}

const q = { vhost: '/', name: 'q', durable: true, autoDelete: false, origin: at('queues.q') }

describe('a queue', () => {
  it('without a value is durable, and has the default type of the vhost', () => {
    expect(queueOf({})).toEqual({ ...q, arguments: {} })
  })

  it('turns all properties of a classic queue into arguments', () => {
    expect(
      queueOf({
        type: 'classic',
        durable: false,
        autoDelete: true,
        messageTtl: '1m',
        expires: '1h',
        maxLength: 10,
        maxLengthBytes: '1KiB',
        overflow: 'reject-publish-dlx',
        singleActiveConsumer: true,
        maxPriority: 5,
        leaderLocator: 'balanced',
        arguments: { 'x-queue-version': 2, 'x-mine': 'kept' },
      }),
    ).toEqual({
      ...q,
      type: 'classic',
      durable: false,
      autoDelete: true,
      arguments: {
        'x-message-ttl': 60_000,
        'x-expires': 3_600_000,
        'x-max-length': 10,
        'x-max-length-bytes': 1_024,
        'x-overflow': 'reject-publish-dlx',
        'x-single-active-consumer': true,
        'x-max-priority': 5,
        'x-queue-leader-locator': 'balanced',
        'x-queue-version': 2,
        'x-mine': 'kept',
      },
    })
  })

  it('turns all properties of a quorum queue into arguments', () => {
    expect(
      queueOf({
        type: 'quorum',
        messageTtl: 0,
        expires: 1,
        maxLength: 0,
        maxLengthBytes: 0,
        overflow: 'reject-publish',
        singleActiveConsumer: false,
        deliveryLimit: 0,
        leaderLocator: 'client-local',
        initialGroupSize: 3,
      }),
    ).toEqual({
      ...q,
      type: 'quorum',
      arguments: {
        'x-message-ttl': 0,
        'x-expires': 1,
        'x-max-length': 0,
        'x-max-length-bytes': 0,
        'x-overflow': 'reject-publish',
        'x-single-active-consumer': false,
        'x-delivery-limit': 0,
        'x-queue-leader-locator': 'client-local',
        'x-quorum-initial-group-size': 3,
      },
    })
  })

  it('turns all properties of a stream into arguments', () => {
    expect(
      queueOf({
        type: 'stream',
        maxLengthBytes: '20GB',
        maxAge: '7d',
        streamMaxSegmentSize: '500MB',
        leaderLocator: 'balanced',
        initialGroupSize: 3,
      }),
    ).toEqual({
      ...q,
      type: 'stream',
      arguments: {
        'x-max-length-bytes': 20_000_000_000,
        'x-max-age': '7D',
        'x-stream-max-segment-size-bytes': 500_000_000,
        'x-queue-leader-locator': 'balanced',
        'x-initial-cluster-size': 3,
      },
    })
  })

  it('also accepts its type as a raw argument', () => {
    expect(queueOf({ arguments: { 'x-queue-type': 'quorum', 'x-mine': 1 }, deliveryLimit: 3 })).toEqual({
      ...q,
      type: 'quorum',
      arguments: { 'x-mine': 1, 'x-delivery-limit': 3 },
    })
  })

  it('keeps an argument of any name', () => {
    const table = JSON.parse('{"__proto__":{"a":1},"constructor":"b"}') as QueueSection['arguments']

    expect(JSON.stringify(queueOf({ arguments: table ?? {} })?.arguments)).toBe(
      '{"__proto__":{"a":1},"constructor":"b"}',
    )
  })

  it('may be external', () => {
    expect(queueOf({ external: true, type: 'stream' })).toEqual({ ...q, type: 'stream', arguments: {}, external: true })
  })

  it.each<[QueueSection, string]>([
    [{ type: 'stream', messageTtl: 1 }, 'messageTtl'],
    [{ type: 'stream', expires: 1 }, 'expires'],
    [{ type: 'stream', maxLength: 1 }, 'maxLength'],
    [{ type: 'stream', overflow: 'drop-head' }, 'overflow'],
    [{ type: 'stream', singleActiveConsumer: true }, 'singleActiveConsumer'],
    [{ type: 'stream', maxPriority: 1 }, 'maxPriority'],
    [{ type: 'quorum', maxPriority: 1 }, 'maxPriority'],
    [{ type: 'stream', deliveryLimit: 1 }, 'deliveryLimit'],
    [{ type: 'classic', deliveryLimit: 1 }, 'deliveryLimit'],
    [{ type: 'classic', initialGroupSize: 1 }, 'initialGroupSize'],
    [{ type: 'classic', maxAge: '1d' }, 'maxAge'],
    [{ type: 'quorum', maxAge: '1d' }, 'maxAge'],
    [{ type: 'quorum', streamMaxSegmentSize: 1 }, 'streamMaxSegmentSize'],
    [{ type: 'stream', retry: { delays: ['1s'], then: 'discard' } }, 'retry'],
    [{ type: 'stream', deadLetter: true }, 'deadLetter'],
  ])('refuses a property that its type does not support: %j', (section, property) => {
    expect(foundIn(section)).toEqual([`property-not-of-type at queues.q.${property}`])
  })

  it('refuses a property that the default type of the vhost does not support', () => {
    expect(foundIn({ maxAge: '1d' }, { claim: { name: '/', defaultQueueType: 'quorum' } })).toEqual([
      'property-not-of-type at queues.q.maxAge',
    ])
  })

  it.each<[QueueSection]>([
    [{ deliveryLimit: 1 }],
    [{ initialGroupSize: 1 }],
    [{ maxAge: '1d' }],
    [{ streamMaxSegmentSize: 1 }],
  ])('requires a type if only some types support a property: %j', (section) => {
    expect(foundIn(section)).toEqual([`property-needs-type at queues.q.${Object.keys(section)[0]}`])
  })

  it.each<[QueueSection, string]>([
    [{ messageTtl: '-1s' }, 'messageTtl'],
    [{ messageTtl: '3651d' }, 'messageTtl'],
    [{ expires: 0 }, 'expires'],
    [{ maxLength: -1 }, 'maxLength'],
    [{ maxPriority: 256 }, 'maxPriority'],
    [{ type: 'quorum', initialGroupSize: 0 }, 'initialGroupSize'],
    [{ type: 'stream', maxAge: '0s' }, 'maxAge'],
    [{ type: 'stream', streamMaxSegmentSize: '4GB' }, 'streamMaxSegmentSize'],
  ])('refuses a value out of range: %j', (section, property) => {
    expect(foundIn(section)).toEqual([`out-of-range at queues.q.${property}`])
  })

  it('refuses a delivery limit whose meaning depends on the version (pitfall 64)', () => {
    expect(foundIn({ type: 'quorum', deliveryLimit: -1 })).toEqual([
      'delivery-limit-negative at queues.q.deliveryLimit',
    ])
    expect(foundIn({ type: 'quorum', arguments: { 'x-delivery-limit': -1 } })).toEqual([])
  })

  it('refuses what the broker refuses for quorum queues and streams (pitfall 62)', () => {
    expect(foundIn({ type: 'quorum', durable: false, autoDelete: true, overflow: 'reject-publish-dlx' })).toEqual([
      'always-durable at queues.q.durable',
      'never-auto-delete at queues.q.autoDelete',
      'overflow-not-on-quorum at queues.q.overflow',
    ])
    expect(foundIn({ type: 'stream', durable: false, autoDelete: true })).toEqual([
      'always-durable at queues.q.durable',
      'never-auto-delete at queues.q.autoDelete',
    ])
  })

  it('refuses a property in two places, and names both', () => {
    expect(
      foundIn({ type: 'classic', maxLength: 1, arguments: { 'x-queue-type': 'classic', 'x-max-length': 1 } }),
    ).toEqual([
      'argument-twice at queues.q.arguments.x-queue-type, type queues.q.type',
      'argument-twice at queues.q.arguments.x-max-length, maxLength queues.q.maxLength',
    ])
  })

  it('needs a type for retry and deadLetter, unless the vhost has a default', () => {
    expect(foundIn({ deadLetter: true })).toEqual(['type-required at queues.q.deadLetter'])
    expect(foundIn({ retry: { delays: ['1s'] }, deadLetter: true })).toEqual(['type-required at queues.q.retry'])
    const claim = { name: '/', defaultQueueType: 'quorum' } as const
    expect(queueOf({ deadLetter: true }, { claim })?.type).toBe('quorum')
    expect(queueOf({}, { claim })?.type).toBeUndefined()
  })

  it('counts towards the limit of the vhost, with its derived queues', () => {
    const section: QueueSection = { type: 'classic', deadLetter: true }
    const within = (maxQueues: number) => foundIn(section, { claim: { name: '/', limits: { maxQueues } } })

    expect(within(1)).toEqual(['more-queues-than-limit at claim.limits.maxQueues'])
    expect(within(2)).toEqual([])
    // RabbitMQ treats a negative limit as none.
    expect(within(-1)).toEqual([])
  })

  it('says in its findings what to do', () => {
    const { findings } = expand(
      declared({ '/': { queues: { q: { type: 'stream', maxLength: 5 }, r: { deliveryLimit: 5 } } } }),
      () => ({ schema: true }),
    )

    expect(messagesOf(findings)).toEqual([
      'queues.q.maxLength: a stream queue has no maxLength (only classic and quorum queues have it)',
      'queues.r.deliveryLimit: deliveryLimit needs a queue type, because not every type has it (write type: quorum)',
    ])
  })
})
