/* oxlint-disable unicorn/no-thenable -- `then` is a key of the file format. */
import { describe, expect, it } from 'vitest'
import type { UserSection } from '../../../../src/desired/declaration/document.ts'
import { expand } from '../../../../src/desired/expand/expand.ts'
import { at, declared, expanded, found, messagesOf, type Sections } from '../declared.ts'

/** The rights of the user `u`. */
function rightsOf(u: UserSection, sections: Sections): unknown {
  const { permissions, topicPermissions } = expanded({ ...sections, users: { u } }).topology
  return {
    ...permissions.map(({ configure, write, read }) => ({ configure, write, read }))[0],
    topics: Object.fromEntries(topicPermissions.map(({ exchange, write, read }) => [exchange, { write, read }])),
  }
}

const PIPELINE: Sections = {
  exchanges: {
    tasks: {},
    events: { type: 'topic', alternateExchange: 'unrouted' },
    unrouted: { type: 'fanout', external: true },
    dlx: { type: 'topic' },
  },
  queues: {
    email: {
      type: 'quorum',
      bindings: [
        { exchange: 'tasks', routingKey: 'email' },
        { exchange: 'events', routingKey: 'billing.*' },
      ],
      retry: { delays: ['5s', '0s'] },
      deadLetter: true,
    },
    plain: {},
    apart: { type: 'classic', deadLetter: { exchange: 'dlx', queue: 'graveyard' } },
    discarding: { type: 'quorum', retry: { delays: ['5s'], then: 'discard' } },
  },
  publications: {
    send: { exchange: 'tasks', routingKey: 'email' },
    event: { exchange: 'events', routingKey: 'user.{id}.created' },
    direct: { queue: 'plain' },
    copied: { exchange: 'events', routingKey: 'a', headers: { CC: ['b.c'], BCC: ['d'] } },
  },
  subscriptions: {
    emails: { queue: 'email' },
    plain: { queue: 'plain' },
    apart: { queue: 'apart' },
    discarding: { queue: 'discarding' },
  },
}

describe('permissions', () => {
  it('match nothing if they are absent', () => {
    expect(expanded({ users: { u: { permissions: { write: '^x' } } } }).topology.permissions).toEqual([
      { vhost: '/', user: 'u', configure: '', write: '^x', read: '', origin: at('users.u.permissions') },
    ])
    expect(expanded({ users: { u: {} } }).topology.permissions).toEqual([])
  })

  it('for topics need an existing exchange', () => {
    const topicPermissions = { events: { read: '^a' }, 'amq.topic': { write: '^b' } }

    expect(
      expanded({ exchanges: { events: { type: 'topic' } }, users: { u: { topicPermissions } } }).topology
        .topicPermissions,
    ).toEqual([
      {
        vhost: '/',
        user: 'u',
        exchange: 'amq.topic',
        write: '^b',
        read: '',
        origin: at('users.u.topicPermissions.amq.topic'),
      },
      {
        vhost: '/',
        user: 'u',
        exchange: 'events',
        write: '',
        read: '^a',
        origin: at('users.u.topicPermissions.events'),
      },
    ])
    expect(found({ users: { u: { topicPermissions: { nowhere: {} } } } })).toEqual([
      'unknown-exchange at users.u.topicPermissions.nowhere',
    ])
  })
})

describe('can', () => {
  it('without a route allows the user to connect, and nothing else', () => {
    expect(rightsOf({ can: {} }, PIPELINE)).toEqual({ configure: '', write: '', read: '', topics: {} })
  })

  it('publish writes to the exchange, on a topic exchange with the keys of the route', () => {
    expect(rightsOf({ can: { publish: ['send', 'event', 'copied'] } }, PIPELINE)).toEqual({
      configure: '',
      write: '^(events|tasks)$',
      read: '',
      topics: { events: { write: '^(a|b\\.c|d|user\\.[^.]+\\.created)$', read: '' } },
    })
  })

  it('publish to a queue writes to the default exchange, with a warning', () => {
    const { desired, findings } = expand(
      declared({ '/': { ...PIPELINE, users: { u: { can: { publish: ['send', 'direct'] } } } } }),
      () => ({ schema: true }),
    )

    expect(desired.topology.permissions.map(({ write }) => write)).toEqual(['^(amq\\.default|tasks)$'])
    expect(messagesOf(findings)).toEqual([
      'users.u.can: user "u" may write to every queue of the vhost, because "direct" goes through the default exchange (publish through an exchange to which only that queue is bound)',
    ])
  })

  it('request writes to the exchange only, and respond reads the queue and writes to the default exchange', () => {
    const { desired, findings } = expand(
      declared({
        '/': {
          exchanges: { tasks: {} },
          queues: { quotes: { bindings: [{ exchange: 'tasks', routingKey: 'quote' }] } },
          requests: {
            quote: { exchange: 'tasks', routingKey: 'quote', subscription: 'quotes' },
            abroad: { exchange: 'tasks', routingKey: 'quote' },
          },
          subscriptions: { quotes: { queue: 'quotes' } },
          users: {
            shop: { can: { request: ['quote'] } },
            pricing: { can: { respond: ['quote'] } },
            wrong: { can: { publish: ['quote'], request: ['qoute'], respond: ['abroad'] } },
          },
        },
      }),
      () => ({ schema: true }),
    )

    expect(desired.topology.permissions.map(({ user, write, read }) => [user, write, read])).toEqual([
      ['pricing', '^amq\\.default$', '^quotes$'],
      ['shop', '^tasks$', ''],
      ['wrong', '^amq\\.default$', ''],
    ])
    expect(messagesOf(findings)).toEqual([
      'users.pricing.can: user "pricing" may write to every queue of the vhost, because replies to "quote" go through the default exchange (RabbitMQ routes replies in this way: answer in a vhost where this user may write to the queues)',
      'users.wrong.can.publish.0: publication "quote" is not declared in vhost "/" (declare it under publications:)',
      'users.wrong.can.request.0: request "qoute" is not declared in vhost "/" (did you mean "quote"?)',
      'users.wrong.can.respond.0: no program of this project can answer the request "abroad", because it names no subscription (write subscription: with the name of the subscription that the responder consumes)',
      'users.wrong.can: user "wrong" may write to every queue of the vhost, because replies to "abroad" go through the default exchange (RabbitMQ routes replies in this way: answer in a vhost where this user may write to the queues)',
    ])
  })

  it('publish to a direct exchange allows every key, with a warning if other queues are bound there', () => {
    const bindings = (exchange: string, ...keys: string[]) => keys.map((routingKey) => ({ exchange, routingKey }))
    const sections: Sections = {
      exchanges: { tasks: {}, events: { type: 'topic' }, all: { type: 'fanout' } },
      queues: {
        email: {
          bindings: [...bindings('tasks', 'email', 'email.eu'), ...bindings('events', 'a'), ...bindings('all', '')],
        },
        payments: { bindings: [...bindings('tasks', 'pay'), ...bindings('events', 'b'), ...bindings('all', '')] },
      },
      publications: {
        send: { exchange: 'tasks', routingKey: 'email' },
        pay: { exchange: 'tasks', routingKey: 'pay' },
        event: { exchange: 'events', routingKey: 'a' },
        notice: { exchange: 'all' },
      },
    }
    const warningsOf = (...publish: string[]) =>
      messagesOf(
        expand(declared({ '/': { ...sections, users: { u: { can: { publish } } } } }), () => ({ schema: true }))
          .findings,
      )

    expect(warningsOf('send')).toEqual([
      'users.u.can: user "u" may publish to exchange "tasks" with any key and headers, because "send" goes through it, and so to "payments" (publish through a topic exchange, on which can also restricts the key, or through an exchange only for this user)',
    ])
    expect(warningsOf('send', 'pay')).toEqual([])
    expect(warningsOf('event', 'notice')).toEqual([])
  })

  it('publish to a headers exchange allows all headers, with a warning if they are alternatives', () => {
    const bindings = (kind: string) => [{ exchange: 'by-kind', arguments: { kind } }]
    const sections = (second: string): Sections => ({
      exchanges: { 'by-kind': { type: 'headers' }, other: { type: 'headers' } },
      queues: {
        email: { bindings: bindings('email') },
        pay: { bindings: [{ ...bindings('pay')[0], exchange: second }] },
      },
      publications: { send: { exchange: 'by-kind', headers: { kind: 'email' } } },
      users: { u: { can: { publish: ['send'] } } },
    })
    const warningsOf = (second: string) =>
      messagesOf(expand(declared({ '/': sections(second) }), () => ({ schema: true })).findings)

    expect(warningsOf('by-kind')).toEqual([expect.stringContaining('and so to "email", "pay"')])
    expect(warningsOf('other')).toEqual([])
  })

  it('consume reads the queue, and writes to the exchange for failures', () => {
    expect(rightsOf({ can: { consume: ['emails'] } }, PIPELINE)).toEqual({
      configure: '',
      write: '^email\\.failed$',
      read: '^email$',
      topics: {},
    })
    expect(rightsOf({ can: { consume: ['plain'] } }, PIPELINE)).toEqual({
      configure: '',
      write: '',
      read: '^plain$',
      topics: {},
    })
    expect(rightsOf({ can: { consume: ['discarding'] } }, PIPELINE)).toEqual({
      configure: '',
      write: '^discarding\\.failed$',
      read: '^discarding$',
      topics: {},
    })
    expect(rightsOf({ can: { consume: ['apart'] } }, PIPELINE)).toEqual({
      configure: '',
      write: '^(apart\\.failed|dlx)$',
      read: '^apart$',
      topics: { dlx: { write: '^apart$', read: '' } },
    })
  })

  it('warns if other queues are bound to the exchange for dead letters', () => {
    const other = { queues: { ...PIPELINE.queues, audit: { bindings: [{ exchange: 'dlx', routingKey: '#' }] } } }
    const { findings } = expand(
      declared({ '/': { ...PIPELINE, ...other, users: { u: { can: { consume: ['apart'] } } } } }),
      () => ({ schema: true }),
    )

    expect(messagesOf(findings)).toEqual([
      'users.u.can: user "u" may publish to exchange "dlx" for its dead letters, and so to "audit" (send dead letters to <queue>.failed, or to a separate exchange)',
    ])
  })

  it('declare adds the rights to declare its routes, and no others', () => {
    expect(rightsOf({ can: { publish: ['event'], declare: true } }, PIPELINE)).toEqual({
      configure: '^events$',
      write: '^(events|unrouted)$',
      read: '^events$',
      topics: { events: { write: '^user\\.[^.]+\\.created$', read: '' } },
    })
    expect(rightsOf({ can: { consume: ['emails'], declare: true } }, PIPELINE)).toEqual({
      configure: '^(email|email\\.dead|email\\.failed|email\\.retry\\.5s)$',
      write: '^(email|email\\.dead|email\\.failed|email\\.retry\\.5s)$',
      read: '^(email|email\\.failed|email\\.retry\\.5s|events|tasks)$',
      topics: { events: { write: '', read: '^billing\\.\\*$' } },
    })
    expect(rightsOf({ can: { consume: ['apart'], declare: true } }, PIPELINE)).toEqual({
      configure: '^(apart|apart\\.failed|graveyard)$',
      write: '^(apart|apart\\.failed|dlx|graveyard)$',
      read: '^(apart|apart\\.failed|dlx)$',
      topics: { dlx: { write: '^apart$', read: '^apart$' } },
    })
  })

  it('declare leaves out objects of other projects', () => {
    const sections: Sections = {
      exchanges: { theirs: { external: true, type: 'fanout' } },
      queues: { queue: { external: true, deadLetter: true, bindings: ['theirs'] } },
      publications: { p: { exchange: 'theirs' }, q: { exchange: 'amq.fanout' } },
      subscriptions: { s: { queue: 'queue' } },
    }

    expect(rightsOf({ can: { publish: ['p', 'q'], consume: ['s'], declare: true } }, sections)).toEqual({
      configure: '',
      write: '^(amq\\.fanout|queue|queue\\.failed|theirs)$',
      read: '^(queue|theirs)$',
      topics: {},
    })
  })

  it('declare binds exchanges too', () => {
    const sections: Sections = {
      exchanges: { a: { bindings: [{ exchange: 'amq.topic', routingKey: '' }] } },
      publications: { p: { exchange: 'a' } },
    }

    expect(rightsOf({ can: { publish: ['p'], declare: true } }, sections)).toEqual({
      configure: '^a$',
      write: '^a$',
      read: '^amq\\.topic$',
      topics: { 'amq.topic': { write: '', read: '^$' } },
    })
  })

  it('limits the keys of an external exchange of unknown type, because it may be a topic exchange', () => {
    const sections: Sections = {
      exchanges: { theirs: { external: true }, direct: { external: true, type: 'direct' } },
      publications: { p: { exchange: 'theirs', routingKey: 'k' }, d: { exchange: 'direct', routingKey: 'k' } },
    }

    expect(rightsOf({ can: { publish: ['p', 'd'] } }, sections)).toEqual({
      configure: '',
      write: '^(direct|theirs)$',
      read: '',
      topics: { theirs: { write: '^k$', read: '' } },
    })
  })

  it('must name existing routes', () => {
    const { findings } = expand(
      declared({
        '/': { ...PIPELINE, users: { u: { can: { publish: ['sent', 'emails'], consume: ['email', 'emails'] } } } },
      }),
      () => ({ schema: true }),
    )

    expect(messagesOf(findings)).toEqual([
      'users.u.can.publish.0: publication "sent" is not declared in vhost "/" (did you mean "send"?)',
      'users.u.can.publish.1: publication "emails" is not declared in vhost "/" (declare it under publications:)',
      'users.u.can.consume.0: subscription "email" is not declared in vhost "/" (did you mean "emails"?)',
    ])
  })

  it('excludes other permissions in its vhost', () => {
    const sections = { ...PIPELINE, users: { u: { can: { publish: ['event'] }, permissions: { read: 'x' } } } }

    expect(found(sections)).toEqual(['permissions-and-can at users.u.permissions, can users.u.can'])
    expect(
      found({ ...PIPELINE, users: { u: { can: { publish: ['event'] }, topicPermissions: { events: {}, dlx: {} } } } }),
    ).toEqual(['topic-permission-and-can at users.u.topicPermissions.events, can users.u.can'])
  })

  it('is refused if its regular expression is too long for the broker', () => {
    const names = Array.from({ length: 60 }, (_, index) => `${(index * 7919) % 10_007}-${'x'.repeat(20)}`)
    const sections: Sections = {
      queues: Object.fromEntries(names.map((name) => [name, {}])),
      subscriptions: Object.fromEntries(names.map((name) => [name, { queue: name }])),
      users: { u: { can: { consume: names } } },
    }
    const { findings } = expand(declared({ '/': sections }), () => ({ schema: true }))

    expect(findings.map(({ code, args }) => [code, args])).toEqual([
      ['pattern-too-long', { user: 'u', right: 'read', bytes: expect.any(Number), routes: names }],
    ])
  })
})
