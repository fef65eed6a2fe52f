/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { QueueSection, RetrySection } from '../../../../src/desired/declaration/document.ts'
import type { Arguments } from '../../../../src/model/arguments.ts'
import type { FailureRule } from '../../../../src/model/routes.ts'
import { expand } from '../../../../src/desired/expand/expand.ts'
import { at, declared, expanded, found, messagesOf, type Sections } from '../declared.ts'

const SUBSCRIPTION = { s: { queue: 'q' } }

function ladderOf(section: QueueSection, sections: Sections = {}): FailureRule | undefined {
  return expanded({ ...sections, queues: { q: section }, subscriptions: SUBSCRIPTION }).routes.subscriptions[0]?.failure
}

function delaysOf(retry: RetrySection): (string | number)[][] {
  const rule = ladderOf({ type: 'quorum', retry, deadLetter: true })
  return rule?.kind === 'ladder' ? rule.delays.map(({ delay, routingKey, queue }) => [delay, routingKey, queue]) : []
}

/** The queues and bindings other than the declared queue. */
function derivedFrom(section: QueueSection, sections: Sections = {}): Record<string, unknown> {
  const { queues, bindings } = expanded({ ...sections, queues: { q: section } }).topology
  return {
    queues: queues.filter(({ name }) => name !== 'q').map((each) => ({ ...each, origin: each.origin?.file })),
    bindings: bindings.map(({ source, routingKey, destination }) => `${source} ${routingKey} -> ${destination}`),
  }
}

const waiting = { vhost: '/', durable: true, autoDelete: false }
const deadLetters = { kind: 'dead-letter', of: 'q' }

describe('retry', () => {
  it('makes a durable classic queue for each delay of a classic queue (pitfalls 41, 43)', () => {
    const retry = { delays: ['1500ms'] }

    expect(derivedFrom({ type: 'classic', retry, deadLetter: true })).toEqual({
      queues: [
        {
          ...waiting,
          name: 'q.dead',
          type: 'classic',
          arguments: {},
          role: deadLetters,
          origin: 'queues.q.deadLetter',
        },
        {
          ...waiting,
          name: 'q.retry.1500ms',
          type: 'classic',
          arguments: {
            'x-message-ttl': 1_500,
            'x-dead-letter-exchange': 'q.failed',
            'x-dead-letter-routing-key': 'back',
          },
          role: { kind: 'delay', of: 'q' },
          origin: 'queues.q.retry.delays.0',
        },
      ],
      bindings: ['q.failed back -> q', 'q.failed dead -> q.dead', 'q.failed 1500ms -> q.retry.1500ms'],
    })
  })

  it('writes each delay in its largest whole unit, and shares one queue for equal delays', () => {
    expect(delaysOf({ delays: ['60s', '90s', '1m', '24h', 1_500] })).toEqual([
      [60_000, '1m', 'q.retry.1m'],
      [90_000, '90s', 'q.retry.90s'],
      [60_000, '1m', 'q.retry.1m'],
      [86_400_000, '1d', 'q.retry.1d'],
      [1_500, '1500ms', 'q.retry.1500ms'],
    ])
    expect(derivedFrom({ type: 'classic', retry: { delays: ['60s', '1m'], then: 'discard' } })['bindings']).toEqual([
      'q.failed back -> q',
      'q.failed 1m -> q.retry.1m',
    ])
  })

  it('returns messages directly without a delay', () => {
    expect(delaysOf({ delays: ['0s', '5s', 0] })).toEqual([
      [0, 'back', 'q'],
      [5_000, '5s', 'q.retry.5s'],
      [0, 'back', 'q'],
    ])
  })

  it('repeats one delay', () => {
    expect(delaysOf({ delay: '30s', attempts: 3 })).toEqual([
      [30_000, '30s', 'q.retry.30s'],
      [30_000, '30s', 'q.retry.30s'],
      [30_000, '30s', 'q.retry.30s'],
    ])
  })

  it('grows from one delay to the next, up to the maximum', () => {
    expect(delaysOf({ initial: '1s', factor: 4, max: '5m', attempts: 6 }).map(([delay]) => delay)).toEqual([
      1_000, 4_000, 16_000, 64_000, 256_000, 300_000,
    ])
  })

  it('rounds growing delays to whole milliseconds', () => {
    expect(delaysOf({ initial: '1s', factor: 1.5, attempts: 5 })).toEqual([
      [1_000, '1s', 'q.retry.1s'],
      [1_500, '1500ms', 'q.retry.1500ms'],
      [2_250, '2250ms', 'q.retry.2250ms'],
      [3_375, '3375ms', 'q.retry.3375ms'],
      [5_063, '5063ms', 'q.retry.5063ms'],
    ])
  })

  it('never grows beyond the longest timer of the broker', () => {
    const attempts = fc.integer({ min: 1, max: 1_000 })
    fc.assert(
      fc.property(attempts, fc.double({ min: 1, max: 1e9, noNaN: true }), (count, factor) => {
        const delays = delaysOf({ initial: 1, factor, attempts: count }).map(([delay]) => Number(delay))
        expect(delays).toHaveLength(count)
        expect(delays).toEqual(delays.toSorted((a, b) => a - b))
        expect(delays.every((each) => Number.isInteger(each) && each <= 315_360_000_000)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it.each<[RetrySection]>([
    [{}],
    [{ delays: [] }],
    [{ delays: ['1s'], attempts: 3 }],
    [{ delay: '1s' }],
    [{ delay: '1s', attempts: 2, factor: 2 }],
    [{ delays: ['1s'], delay: '1s', attempts: 1 }],
    [{ initial: '1s', attempts: 3 }],
    [{ factor: 2, attempts: 3 }],
    [{ initial: '1s', factor: 2 }],
    [{ attempts: 3 }],
  ])('is refused in no known form: %j', (retry) => {
    expect(found({ queues: { q: { type: 'quorum', retry, deadLetter: true } } })).toEqual([
      'retry-form at queues.q.retry',
    ])
  })

  it.each<[RetrySection, string]>([
    [{ delays: ['1s', '5 minutes'] }, 'not-a-duration at queues.q.retry.delays.1'],
    [{ delays: ['-1s'] }, 'out-of-range at queues.q.retry.delays.0'],
    [{ delays: [{ delay: '3651d' }] }, 'out-of-range at queues.q.retry.delays.0.delay'],
    [{ delays: [{ delay: '0s', queue: 'x' }] }, 'no-delay-queue at queues.q.retry.delays.0.queue'],
    [{ delay: 'x', attempts: 1 }, 'not-a-duration at queues.q.retry.delay'],
    [{ delay: '1s', attempts: 0 }, 'out-of-range at queues.q.retry.attempts'],
    [{ delay: '1s', attempts: 1_001 }, 'out-of-range at queues.q.retry.attempts'],
    [{ initial: '0s', factor: 2, attempts: 1 }, 'out-of-range at queues.q.retry.initial'],
    [{ initial: '1s', factor: 2, max: 'x', attempts: 1 }, 'not-a-duration at queues.q.retry.max'],
  ])('is refused with an invalid value: %j', (retry, finding) => {
    expect(found({ queues: { q: { type: 'quorum', retry, deadLetter: true } } })).toEqual([finding])
  })

  it('is refused without the outcome of the last failure', () => {
    expect(found({ queues: { q: { type: 'quorum', retry: { delays: ['1s'] } } } })).toEqual([
      'retry-without-dead-letter at queues.q.retry',
    ])
    expect(
      found({ queues: { q: { type: 'quorum', retry: { delays: ['1s'], then: 'discard' }, deadLetter: true } } }),
    ).toEqual(['discard-and-dead-letter at queues.q.retry.then, deadLetter queues.q.deadLetter'])
  })

  it('is refused when messages that return to a full queue would be lost', () => {
    const retry = { delays: ['1s'] }
    const { findings } = expand(
      declared({
        '/': {
          queues: {
            q: { type: 'classic', overflow: 'reject-publish', retry, deadLetter: true },
            r: { type: 'classic', arguments: { 'x-overflow': 'reject-publish' }, retry, deadLetter: true },
            s: { type: 'classic', overflow: 'reject-publish-dlx', retry, deadLetter: true },
            t: { type: 'quorum', overflow: 'reject-publish', retry, deadLetter: true },
          },
        },
      }),
      () => ({ schema: true }),
    )

    const sentence =
      'a message that returns from a delay to a full classic queue with overflow: reject-publish would be lost (write overflow: reject-publish-dlx, which dead-letters it, or make the queue a quorum queue)'
    expect(messagesOf(findings).slice(0, 2)).toEqual([
      `queues.q.overflow: ${sentence}`,
      `queues.r.arguments.x-overflow: ${sentence}`,
    ])
  })

  it('warns about a queue that may be deleted while messages wait (pitfall 43)', () => {
    const retry = { delays: ['1s'] }

    expect(
      found({
        queues: {
          a: { type: 'classic', durable: false, autoDelete: true, retry, deadLetter: true },
          b: { type: 'quorum', expires: '1h', retry, deadLetter: true },
        },
      }),
    ).toEqual(['retry-into-vanishing-queue at queues.a.autoDelete', 'retry-into-vanishing-queue at queues.b.expires'])
  })

  describe('with then: discard', () => {
    it('has neither a dead key nor dead-letter arguments, and drops nothing before the ladder has ended', () => {
      const section: QueueSection = { type: 'quorum', retry: { delays: ['1s'], then: 'discard' } }
      const { queues } = expanded({ queues: { q: section } }).topology

      expect(queues.find(({ name }) => name === 'q')?.arguments).toEqual({ 'x-delivery-limit': 1_000_000 })
      expect(derivedFrom(section)['bindings']).toEqual(['q.failed back -> q', 'q.failed 1s -> q.retry.1s'])
      expect(ladderOf(section)).toEqual({
        kind: 'ladder',
        exchange: 'q.failed',
        delays: [{ delay: 1_000, routingKey: '1s', queue: 'q.retry.1s' }],
        last: 'discard',
        deliveryLimit: 1_000_000,
      })
    })

    it('keeps a declared delivery limit, and gives a classic queue none', () => {
      const retry = { delays: ['0s'], then: 'discard' } as const
      const argumentsOf = (section: QueueSection) =>
        expanded({ queues: { q: section } }).topology.queues.map((each) => each.arguments)

      expect(argumentsOf({ type: 'quorum', deliveryLimit: 7, retry })).toEqual([{ 'x-delivery-limit': 7 }])
      expect(argumentsOf({ type: 'quorum', arguments: { 'x-delivery-limit': 7 }, retry })).toEqual([
        { 'x-delivery-limit': 7 },
      ])
      expect(argumentsOf({ type: 'classic', retry })).toEqual([{}])
    })

    it('allows no dead-letter arguments in addition', () => {
      const section: QueueSection = {
        type: 'quorum',
        retry: { delays: ['1s'], then: 'discard' },
        arguments: { 'x-dead-letter-exchange': 'amq.fanout' },
      }

      expect(found({ queues: { q: section } })).toEqual([
        'argument-twice at queues.q.arguments.x-dead-letter-exchange, retry queues.q.retry',
      ])
    })
  })

  describe('with a named queue for a delay', () => {
    it('uses this name', () => {
      const section: QueueSection = {
        type: 'quorum',
        retry: { delays: [{ delay: '30s', queue: 'email_retry' }, '30s'] },
        deadLetter: true,
      }

      expect(derivedFrom(section)['bindings']).toEqual([
        'q.failed 30s -> email_retry',
        'q.failed back -> q',
        'q.failed dead -> q.dead',
      ])
      expect(ladderOf(section)).toEqual({
        kind: 'ladder',
        exchange: 'q.failed',
        delays: [
          { delay: 30_000, routingKey: '30s', queue: 'email_retry' },
          { delay: 30_000, routingKey: '30s', queue: 'email_retry' },
        ],
        last: { exchange: 'q.failed', routingKey: 'dead' },
      })
    })

    it('allows only one name for each delay', () => {
      const delays = ['1s', { delay: '1s', queue: 'a' }, { delay: '1000ms', queue: 'b' }]

      expect(found({ queues: { q: { type: 'quorum', retry: { delays, then: 'discard' } } } })).toEqual([
        'delay-named-twice at queues.q.retry.delays.2, named first queues.q.retry.delays.1',
      ])
    })

    it('uses a declared queue that equals the derived one', () => {
      const { queues } = expanded({
        queues: {
          q: { type: 'classic', retry: { delays: [{ delay: '30s', queue: 'email_retry' }], then: 'discard' } },
          email_retry: {
            type: 'classic',
            messageTtl: '30s',
            arguments: { 'x-dead-letter-exchange': 'q.failed', 'x-dead-letter-routing-key': 'back' },
          },
        },
      }).topology

      expect(queues.map(({ name, origin }) => [name, origin])).toEqual([
        ['email_retry', at('queues.email_retry')],
        ['q', at('queues.q')],
      ])
    })

    it('accepts a declared quorum queue, from which waiting loses nothing, for a classic queue', () => {
      const retry = { delays: [{ delay: '30s', queue: 'email_retry' }, '5m'], then: 'discard' } as const
      const returnRoute = { 'x-dead-letter-exchange': 'q.failed', 'x-dead-letter-routing-key': 'back' }
      const asked = (table: Arguments): Sections => ({
        queues: {
          q: { type: 'classic', retry },
          email_retry: { type: 'quorum', messageTtl: '30s', arguments: { ...returnRoute, ...table } },
        },
      })
      const whole = { 'x-overflow': 'reject-publish', 'x-dead-letter-strategy': 'at-least-once' }

      expect(expanded(asked(whole)).topology.queues.map(({ name, type }) => [name, type])).toEqual([
        ['email_retry', 'quorum'],
        ['q', 'classic'],
        ['q.retry.5m', 'classic'],
      ])
      expect(messagesOf(expand(declared({ '/': asked({}) }), () => ({ schema: true })).findings)[0]).toBe(
        'queues.q.retry.delays.0: queue "email_retry" differs from the delay queue that queue "q" needs (it needs x-dead-letter-strategy: at-least-once, x-overflow: reject-publish)',
      )
    })

    it('refuses a declared queue from which messages would not return', () => {
      const { findings } = expand(
        declared({
          '/': {
            queues: {
              q: { type: 'quorum', retry: { delays: [{ delay: '30s', queue: 'email_retry' }], then: 'discard' } },
              email_retry: { type: 'classic', messageTtl: '20s', maxLength: 5 },
            },
          },
        }),
        () => ({ schema: true }),
      )

      expect(messagesOf(findings)).toEqual([
        'queues.q.retry.delays.0: queue "email_retry" differs from the delay queue that queue "q" needs (it needs type: quorum, x-dead-letter-exchange: q.failed, x-dead-letter-routing-key: back, x-dead-letter-strategy: at-least-once, x-max-length: none, x-message-ttl: 30000, x-overflow: reject-publish)',
      ])
    })

    it('accepts an external queue', () => {
      const { queues } = expanded({
        queues: {
          q: { type: 'classic', retry: { delays: [{ delay: '30s', queue: 'theirs' }], then: 'discard' } },
          theirs: { external: true },
        },
      }).topology

      expect(queues.map(({ name, external }) => [name, external])).toEqual([
        ['q', undefined],
        ['theirs', true],
      ])
    })

    it('refuses one queue for two purposes', () => {
      expect(
        found({
          queues: {
            q: {
              type: 'quorum',
              retry: {
                delays: [
                  { delay: '1s', queue: 'x' },
                  { delay: '2s', queue: 'x' },
                ],
              },
              deadLetter: { queue: 'x' },
            },
            r: { type: 'quorum', retry: { delays: [{ delay: '1s', queue: 'r' }], then: 'discard' } },
          },
        }),
      ).toEqual([
        'derived-queue-differs at queues.q.retry.delays.0, declared queues.q.deadLetter',
        'derived-queue-differs at queues.q.retry.delays.1, declared queues.q.deadLetter',
        'derived-queue-differs at queues.r.retry.delays.0, declared queues.r',
      ])
    })
  })

  it('warns about classic delay queues, unless all of them are quorum queues or their messages may be lost (pitfall 37)', () => {
    const returnRoute = (queue: string) => ({
      'x-dead-letter-exchange': `${queue}.failed`,
      'x-dead-letter-routing-key': 'back',
      'x-dead-letter-strategy': 'at-least-once',
    })
    const delays = [{ delay: '30s', queue: 'waits' }]

    expect(
      found({
        queues: {
          classic: { type: 'classic', retry: { delays: ['0s', '1s'], then: 'discard' } },
          'without waiting': { type: 'classic', retry: { delays: ['0s'], then: 'discard' } },
          'not durable': { type: 'classic', durable: false, retry: { delays: ['1s'], then: 'discard' } },
          theirs: { type: 'classic', external: true, retry: { delays: ['1s'], then: 'discard' } },
          quorum: { type: 'quorum', retry: { delays: ['1s'], then: 'discard' } },
          safe: { type: 'classic', retry: { delays, then: 'discard' } },
          waits: { type: 'quorum', messageTtl: '30s', overflow: 'reject-publish', arguments: returnRoute('safe') },
        },
      }),
    ).toEqual(['classic-delay-may-lose at queues.classic.retry'])
  })

  describe('with via', () => {
    const tasks = { exchanges: { tasks: {} } }

    it("sets the broker's return route to this exchange, and keeps the direct one", () => {
      const section: QueueSection = {
        type: 'classic',
        bindings: [{ exchange: 'tasks', routingKey: 'email' }],
        retry: { delays: [{ delay: '30s', queue: 'email_retry' }], via: { exchange: 'tasks', routingKey: 'email' } },
        deadLetter: true,
      }

      expect(found({ ...tasks, queues: { q: section } })).toEqual(['classic-delay-may-lose at queues.q.retry'])
      expect(derivedFrom(section, tasks)).toEqual({
        queues: [
          {
            ...waiting,
            name: 'email_retry',
            type: 'classic',
            arguments: {
              'x-message-ttl': 30_000,
              'x-dead-letter-exchange': 'tasks',
              'x-dead-letter-routing-key': 'email',
            },
            role: { kind: 'delay', of: 'q' },
            origin: 'queues.q.retry.delays.0',
          },
          {
            ...waiting,
            name: 'q.dead',
            type: 'classic',
            arguments: {},
            role: deadLetters,
            origin: 'queues.q.deadLetter',
          },
        ],
        bindings: ['q.failed 30s -> email_retry', 'q.failed back -> q', 'q.failed dead -> q.dead', 'tasks email -> q'],
      })
    })

    it('needs an existing exchange, and a key if the exchange uses it', () => {
      const retryVia = (exchange: string): QueueSection => ({
        type: 'quorum',
        retry: { delays: ['1s'], via: { exchange }, then: 'discard' },
      })

      expect(
        found({
          exchanges: { fan: { type: 'fanout', bindings: [] } },
          queues: { a: retryVia('nowhere'), b: retryVia('amq.direct'), c: retryVia('amq.fanout') },
        }),
      ).toEqual(['unknown-exchange at queues.a.retry.via.exchange', 'via-needs-routing-key at queues.b.retry.via'])
    })

    it('warns if no binding leads back', () => {
      const retryVia = (exchange: string): QueueSection => ({
        type: 'quorum',
        retry: { delays: ['1s'], via: { exchange, routingKey: 'mail.to.b' }, then: 'discard' },
      })
      const exchanges = {
        first: { type: 'topic' },
        second: { type: 'topic', bindings: [{ exchange: 'first', routingKey: 'mail.#' }] },
        theirs: { external: true },
        heads: { type: 'headers' },
      }
      const bindings = [
        { source: 'second', destination: { queue: 'a' }, routingKey: '*.to.a' },
        { source: 'second', destination: { queue: 'b' }, routingKey: '*.to.b' },
      ]
      const queues = {
        a: retryVia('first'),
        b: retryVia('first'),
        c: retryVia('theirs'),
        d: retryVia('heads'),
        e: { ...retryVia('heads'), bindings: ['heads'] },
      }

      // warren knows nothing about undeclared exchanges or about the headers of messages.
      expect(found({ exchanges, queues, bindings })).toEqual([
        'via-leads-elsewhere at queues.a.retry.via',
        'via-leads-elsewhere at queues.d.retry.via',
      ])
    })
  })
})
