import { describe, expect, it } from 'vitest'
import type { MessageRule, Publication, Subscription } from '../../../src/model/routes.ts'
import type { OtherProject } from '../../../src/insight/lint/lint-context.ts'
import { lintTopology } from '../../../src/insight/lint/lint.ts'
import { NO_SETTINGS } from '../../../src/insight/lint/lint-settings.ts'
import { binding, exchange, policy, queue, topology } from '../../builders/objects.ts'
import { publication, subscription } from '../../builders/routes.ts'
import { type LintCase, messagesOf } from './linted.ts'

const publications = (...all: Publication[]) => ({ publications: all })
const subscriptions = (...all: Subscription[]) => ({ subscriptions: all })
const dead = (exchangeName: string, routingKey?: string) => ({
  'x-dead-letter-exchange': exchangeName,
  ...(routingKey !== undefined && { 'x-dead-letter-routing-key': routingKey }),
})
/** A queue whose messages expire into another queue through the default exchange. */
const expiring = (name: string, to: string, ttl = 1_000) =>
  queue(name, { arguments: { 'x-message-ttl': ttl, ...dead('', to) } })
const ladder = (queueName: string, delays: readonly (readonly [delay: number, queue: string])[]) =>
  subscription(queueName, {
    failure: {
      kind: 'ladder',
      exchange: `${queueName}.failed`,
      delays: delays.map(([delay, name]) => ({ delay, routingKey: name, queue: name })),
      last: 'discard',
    },
  })
/** A queue for the placed orders. */
const ORDERS = {
  exchanges: [exchange('orders')],
  queues: [queue('q')],
  bindings: [binding('orders', 'q', { routingKey: 'placed' })],
}
const at = (file: string) => ({ file, line: 1, column: 1 })
const placed = (name: string, message?: MessageRule) =>
  publication(name, { exchange: 'orders', routingKey: 'placed', ...(message && { message }) })

const CASES: Readonly<Record<string, readonly LintCase[]>> = {
  'publication-reaches-no-queue': [
    {
      what: 'a publication whose alternate exchange leads nowhere either',
      objects: {
        exchanges: [exchange('events'), exchange('rest')],
        policies: [policy('ae', { pattern: '^events$', definition: { 'alternate-exchange': 'rest' } })],
      },
      routes: publications(publication('paid', { exchange: 'events', routingKey: 'paid' })),
      finds: ['publication "paid" reaches no queue'],
    },
    {
      what: 'a publication that a policy leads to a queue',
      objects: {
        exchanges: [exchange('events'), exchange('rest', { type: 'fanout' })],
        queues: [queue('q')],
        bindings: [binding('rest', 'q')],
        policies: [policy('ae', { pattern: '^events$', definition: { 'alternate-exchange': 'rest' } })],
      },
      routes: publications(publication('paid', { exchange: 'events', routingKey: 'paid' })),
    },
    {
      what: 'publications through exchanges of others, and those that are not mandatory',
      objects: { exchanges: [exchange('events'), exchange('theirs', { external: true })] },
      routes: publications(
        publication('a', { exchange: 'theirs' }),
        publication('b', { exchange: 'amq.topic' }),
        publication('c', { exchange: 'events', mandatory: false }),
      ),
    },
  ],
  'binding-never-matches': [
    {
      what: 'a wildcard at a direct exchange, and x-match any without a header',
      objects: {
        exchanges: [exchange('d'), exchange('h', { type: 'headers' })],
        queues: [queue('q')],
        bindings: [
          binding('d', 'q', { routingKey: 'a.*' }),
          binding('h', 'q', { arguments: { 'x-match': 'any', 'x-tenant': 'a' } }),
        ],
      },
      finds: ['compares the key "a.*" literally', 'matches no message: x-match "any"'],
    },
    {
      what: 'literal keys, topic keys, and headers bindings that compare something or match all',
      objects: {
        exchanges: [exchange('d'), exchange('t', { type: 'topic' }), exchange('h', { type: 'headers' })],
        queues: [queue('q')],
        bindings: [
          binding('d', 'q', { routingKey: 'rate*5' }),
          binding('t', 'q', { routingKey: 'a.*' }),
          binding('h', 'q', { arguments: { 'x-match': 'any', tenant: 'a' } }),
          binding('h', 'q', { arguments: { 'x-match': 'any-with-x', 'x-tenant': 'a' } }),
          binding('h', 'q', { arguments: { 'x-match': 'all' } }),
        ],
      },
    },
  ],
  'binding-redundant': [
    {
      what: 'keys that another key of the same destination covers',
      objects: {
        exchanges: [exchange('t', { type: 'topic' }), exchange('f', { type: 'fanout' })],
        queues: [queue('q')],
        bindings: [
          ...['a.#', 'a.b', 'a.*', 'a.*.#'].map((routingKey) => binding('t', 'q', { routingKey })),
          binding('f', 'q'),
          binding('f', 'q', { routingKey: 'needless' }),
        ],
      },
      finds: [
        '"needless" adds nothing to the one with key ""',
        'with key "a.*" adds nothing to the one with key "a.#"',
        'with key "a.*.#" adds nothing to the one with key "a.#"',
        'with key "a.b" adds nothing',
      ],
    },
    {
      what: 'only one of two keys that match the same',
      objects: {
        exchanges: [exchange('t', { type: 'topic' })],
        queues: [queue('q')],
        bindings: ['*.#', '#.*'].map((routingKey) => binding('t', 'q', { routingKey })),
      },
      finds: ['with key "*.#" adds nothing to the one with key "#.*"'],
    },
    {
      what: 'keys that only overlap, those of other destinations, and those with arguments',
      objects: {
        exchanges: [exchange('t', { type: 'topic' })],
        queues: [queue('q'), queue('other')],
        bindings: [
          ...['a.*', 'a.#.c', '*.b', 'a'].map((routingKey) => binding('t', 'q', { routingKey })),
          binding('t', 'other', { routingKey: 'a.b' }),
          binding('t', 'q', { routingKey: 'a.b', arguments: { note: 'kept' } }),
        ],
      },
    },
  ],
  'dead-letters-lead-nowhere': [
    {
      what: 'a missing exchange, one without bindings, a key without a binding, and a missing queue',
      objects: {
        exchanges: [exchange('empty'), exchange('dlx')],
        queues: [
          queue('a', { arguments: dead('gone') }),
          queue('b', { arguments: dead('empty') }),
          queue('c', { arguments: dead('dlx', 'c') }),
          queue('d', { arguments: dead('', 'gone') }),
          queue('dead'),
        ],
        bindings: [binding('dlx', 'dead', { routingKey: 'other' })],
      },
      finds: [
        'there is no exchange "gone"',
        'nothing is bound to exchange "empty"',
        'routes the key "c" nowhere',
        'there is no queue "gone"',
      ],
    },
    {
      what: 'an exchange that a policy names and that does not exist',
      objects: {
        queues: [queue('a')],
        policies: [policy('dlx', { pattern: '^a$', definition: { 'dead-letter-exchange': 'gone' } })],
      },
      finds: ['there is no exchange "gone"'],
    },
    {
      what: 'dead letters that reach a queue, or may reach one of another project',
      objects: {
        exchanges: [exchange('dlx'), exchange('theirs', { external: true })],
        queues: [
          queue('a', { arguments: dead('dlx', 'dead') }),
          queue('b', { arguments: dead('dlx') }),
          queue('c', { arguments: dead('theirs', 'c') }),
          queue('d', { arguments: dead('amq.topic', 'd') }),
          queue('e', { arguments: dead('', 'dead') }),
          queue('dead'),
        ],
        bindings: [binding('dlx', 'dead', { routingKey: 'dead' })],
      },
    },
  ],
  'alternate-exchange-leads-nowhere': [
    {
      what: 'an alternate exchange that does not exist, and one without bindings',
      objects: {
        exchanges: [
          exchange('a', { arguments: { 'alternate-exchange': 'gone' } }),
          exchange('b', { arguments: { 'alternate-exchange': 'empty' } }),
          exchange('empty'),
        ],
      },
      finds: ['go to "gone", which does not exist', 'go to "empty", to which nothing is bound'],
    },
    {
      what: 'alternate exchanges with bindings, and those of others',
      objects: {
        exchanges: [
          exchange('a', { arguments: { 'alternate-exchange': 'rest' } }),
          exchange('b', { arguments: { 'alternate-exchange': 'amq.fanout' } }),
          exchange('rest'),
        ],
        queues: [queue('q')],
        bindings: [binding('rest', 'q')],
      },
    },
  ],
  'dead-letter-cycle': [
    {
      what: 'two queues that expire into each other, once',
      objects: { queues: [expiring('a', 'b'), expiring('b', 'a')] },
      finds: ['queue:%2F/a unconsumed messages expire from "a" → "b" → "a"'],
    },
    {
      what: 'a delay queue that returns messages to a queue without a time to live',
      objects: { queues: [queue('a', { arguments: dead('', 'b') }), expiring('b', 'a'), expiring('c', 'a')] },
    },
  ],
  'retry-returns-nowhere': [
    {
      what: 'a delay queue whose messages go to another queue',
      objects: {
        exchanges: [exchange('work.failed')],
        queues: [queue('work'), queue('other'), expiring('wait', 'other')],
        bindings: [binding('work.failed', 'wait', { routingKey: 'wait' })],
      },
      routes: subscriptions(ladder('work', [[1_000, 'wait']])),
      finds: ['that wait in queue "wait" do not return to queue "work"'],
    },
    {
      what: 'a delay queue that returns messages, and one of another project',
      objects: {
        exchanges: [exchange('work.failed')],
        queues: [queue('work'), expiring('wait', 'work'), queue('theirs', { external: true })],
        bindings: [binding('work.failed', 'wait', { routingKey: 'wait' })],
      },
      routes: subscriptions(
        ladder('work', [
          [1_000, 'wait'],
          [2_000, 'theirs'],
        ]),
      ),
    },
  ],
  'retry-not-ascending': [
    {
      what: 'a shorter delay after a longer one',
      routes: subscriptions(
        ladder('work', [
          [30_000, 'a'],
          [5_000, 'b'],
          [60_000, 'c'],
        ]),
      ),
      finds: ['retry 2 of subscription "work" waits 5s, which is shorter than the 30s before it'],
    },
    {
      what: 'delays that grow or stay',
      routes: subscriptions(
        ladder('work', [
          [0, 'a'],
          [5_000, 'b'],
          [5_000, 'b'],
        ]),
      ),
    },
  ],
  'retry-outlives-queue': [
    {
      what: 'a queue that a policy lets expire before a retry returns',
      objects: {
        queues: [queue('work')],
        policies: [policy('expiry', { pattern: '^work$', definition: { expires: 60_000 } })],
      },
      routes: subscriptions(ladder('work', [[300_000, 'wait']])),
      finds: ['queue "work" expires after 1m without use'],
    },
    {
      what: 'an expiry that is longer than the longest delay',
      objects: {
        queues: [queue('work')],
        policies: [policy('expiry', { pattern: '^work$', definition: { expires: 600_000 } })],
      },
      routes: subscriptions(ladder('work', [[300_000, 'wait']])),
    },
  ],
  'queue-not-consumed': [
    {
      what: 'a queue without a subscription in a vhost with others',
      objects: { queues: [queue('work'), queue('audit')] },
      routes: subscriptions(subscription('work')),
      finds: ['no declared subscription consumes queue "audit"'],
    },
    { what: 'queues of a vhost without subscriptions', objects: { queues: [queue('work'), queue('audit')] } },
    {
      what: 'dead-letter queues, delay queues, queues of unroutable messages, sources of shovels and external queues',
      objects: {
        exchanges: [exchange('events', { arguments: { 'alternate-exchange': 'rest' } }), exchange('rest')],
        queues: [
          queue('work', { arguments: dead('', 'dead') }),
          queue('dead'),
          expiring('wait', 'work'),
          queue('unroutable'),
          queue('moved'),
          queue('theirs', { external: true }),
        ],
        bindings: [binding('rest', 'unroutable')],
        parameters: [{ vhost: '/', component: 'shovel', name: 's', value: { 'src-queue': 'moved' } }],
      },
      routes: subscriptions(subscription('work')),
    },
  ],
  'exchange-not-published': [
    {
      what: 'an exchange to which nothing leads in a vhost with publications',
      objects: { exchanges: [exchange('events'), exchange('forgotten')] },
      routes: publications(publication('a', { exchange: 'events' })),
      finds: ['no declared publication goes to exchange "forgotten"'],
    },
    {
      what: 'exchanges that dead letters, bindings or alternate exchanges reach, and those of others',
      objects: {
        exchanges: [
          exchange('events', { arguments: { 'alternate-exchange': 'rest' } }),
          exchange('rest'),
          exchange('dlx'),
          exchange('inner'),
          exchange('theirs', { external: true }),
        ],
        queues: [queue('q', { arguments: dead('dlx') })],
        bindings: [binding('events', 'inner', { destinationType: 'exchange' })],
      },
      routes: publications(publication('a', { exchange: 'events' })),
    },
    { what: 'exchanges of a vhost without publications', objects: { exchanges: [exchange('events')] } },
  ],
  'message-version-not-accepted': [
    {
      what: 'a publication whose version a subscription does not accept, also one without a version',
      objects: ORDERS,
      routes: {
        ...publications(placed('new', { version: 3 }), placed('old'), placed('both', { version: 2 })),
        ...subscriptions(subscription('q', { message: { version: 2, accepts: [2] } })),
      },
      finds: [
        'subscription "q" does not accept version 3 of publication "new"; accepted: 2',
        'subscription "q" does not accept version 1 of publication "old"; accepted: 2',
      ],
    },
    {
      what: 'publications that do not reach the queue, and subscriptions that ignore the version',
      objects: { ...ORDERS, queues: [queue('q'), queue('r')] },
      routes: {
        ...publications(
          placed('new', { version: 3 }),
          publication('other', { exchange: 'orders', routingKey: 'other' }),
        ),
        ...subscriptions(
          subscription('q', { message: { schema: true } }),
          subscription('r', { message: { accepts: [2] } }),
        ),
      },
    },
  ],
}

describe.each(Object.entries(CASES))('the rule %s', (rule, cases) => {
  it.each(cases.filter(({ finds }) => finds))('finds $what', (each) => {
    expect(messagesOf(rule, each)).toEqual(each.finds?.map((part) => expect.stringContaining(part)))
  })

  it.each(cases.filter(({ finds }) => !finds))('leaves alone: $what', (each) => {
    expect(messagesOf(rule, each)).toEqual([])
  })
})

describe('the versions of messages of two projects', () => {
  it('are compared, and reported where the checked project can change them', () => {
    const [sent, accepted] = [
      placed('new', { version: 3 }),
      subscription('q', { message: { version: 2, accepts: [2] } }),
    ]
    const objects = topology(ORDERS)
    const empty = { topology: topology(), routes: { publications: [], subscriptions: [] } }
    const sender = { ...empty, routes: { ...empty.routes, publications: [{ ...sent, origin: at('sender.yaml') }] } }
    const reader = {
      topology: objects,
      routes: { ...empty.routes, subscriptions: [{ ...accepted, origin: at('reader.yaml') }] },
    }
    const places = (checked: OtherProject, ...others: OtherProject[]) =>
      lintTopology({ ...checked, others, version: '4.3.6' }, NO_SETTINGS)
        .findings.filter(({ rule }) => rule === 'message-version-not-accepted')
        .map(({ location }) => location?.file)

    expect(places(sender, reader)).toEqual(['sender.yaml'])
    expect(places(reader, sender)).toEqual(['reader.yaml'])
    expect(places(empty, sender, reader)).toEqual([])
  })
})
