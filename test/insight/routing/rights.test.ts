import { describe, expect, it } from 'vitest'
import { mayConsume, mayPublish, type RightsOf } from '../../../src/insight/routing/rights.ts'
import type { TopicPermission } from '../../../src/model/topology.ts'
import { permission } from '../../builders/objects.ts'

const EVENTS = { name: 'events', type: 'topic' }

function rights(write: string, topicWrite?: string, read = ''): RightsOf {
  const topic: TopicPermission = { vhost: '/', user: 'shop', exchange: 'events', write: topicWrite ?? '', read: '' }
  const topicPermissions = topicWrite === undefined ? [] : [topic]
  return { user: 'shop', vhost: '/', permission: permission('shop', { write, read }), topicPermissions }
}

describe('mayPublish', () => {
  it.each([
    ['a pattern that is not anchored', rights('vent'), 'allowed'],
    ['an empty pattern', rights(''), 'refused'],
    ['a topic permission that matches', rights('.*', '^a$'), 'allowed'],
    ['a topic permission that does not', rights('.*', '^b$'), 'refused'],
    ['a pattern that only PCRE knows', rights('a++'), 'unknown'],
    ['variables in a topic permission', rights('.*', '^{username}|a$'), 'allowed'],
  ])('decides by %s', (_, given, expected) => {
    expect(mayPublish(given, EVENTS, ['a'], '4.0.5')).toBe(expected)
  })

  it('refuses a user without access to the virtual host', () => {
    expect(mayPublish({ user: 'shop', vhost: '/', topicPermissions: [] }, EVENTS, ['a'], '4.0.5')).toBe('refused')
  })

  it("checks the default exchange by the broker's name for it", () => {
    expect(mayPublish(rights('^amq\\.default$'), { name: '', type: 'direct' }, ['orders'], '4.0.5')).toBe('allowed')
  })

  it('checks the keys of CC and BCC from 4.0 on', () => {
    expect(mayPublish(rights('.*', '^a$'), EVENTS, ['a', 'b'], '3.10.8')).toBe('allowed')
    expect(mayPublish(rights('.*', '^a$'), EVENTS, ['a', 'b'], '4.0.5')).toBe('refused')
  })

  it('uses the name of a user literally in a topic permission from 4.2.4 on', () => {
    const given = { ...rights('.*', '^{username}$'), user: 'a.c' }

    expect(mayPublish(given, EVENTS, ['abc'], '4.0.5')).toBe('allowed')
    expect(mayPublish(given, EVENTS, ['abc'], '4.2.4')).toBe('refused')
  })
})

describe('mayConsume', () => {
  it('requires the right to read the queue', () => {
    expect(mayConsume(rights('', undefined, '^orders$'), 'orders')).toBe('allowed')
    expect(mayConsume(rights('', undefined, '^orders$'), 'orders.dead')).toBe('refused')
  })
})
