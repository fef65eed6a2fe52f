import { describe, expect, it } from 'vitest'
import type { Desired } from '../../../src/model/desired.ts'
import type { Routes } from '../../../src/model/routes.ts'
import type { Topology } from '../../../src/model/topology.ts'
import { expiring, inVhosts, lasting, retrying } from '../../../src/operations/live-tests/test-durations.ts'
import { permission, policy, queue, topology, user, vhost } from '../../builders/objects.ts'
import { subscription } from '../../builders/routes.ts'

const HOUR = 3_600_000

function desired(objects: Partial<Topology>, routes: Partial<Routes> = {}): Desired {
  return {
    project: 'shop',
    topology: topology(objects),
    routes: { publications: [], subscriptions: [], ...routes },
    deadLetters: [],
    secrets: [],
  }
}

const argumentsOf = ({ topology: { queues } }: Desired) =>
  Object.fromEntries(queues.map(({ name, arguments: table }) => [name, table]))

describe('the durations of live tests', () => {
  it('keep messages where they arrive, and leave out objects that act on other vhosts', () => {
    const shovel = { vhost: '/', component: 'shovel', name: 'to-prod', value: {} }
    const limited = vhost('/', { limits: { maxQueues: 2 } })
    const table = {
      'x-message-ttl': 50,
      'x-expires': 60,
      'x-max-length': 3,
      'x-max-length-bytes': 0,
      'x-max-priority': 5,
    }
    const { topology: made } = lasting(
      desired({
        vhosts: [limited],
        queues: [queue('q', { arguments: table })],
        policies: [policy('p', { definition: { 'message-ttl': 50, 'max-length': 3 } })],
        parameters: [shovel],
        globalParameters: [{ name: 'mqtt', value: 1 }],
      }),
    )

    expect(made.queues[0]?.arguments).toEqual({
      'x-message-ttl': 86_400_000,
      'x-expires': 86_400_000,
      'x-max-length': 1_000_000,
      'x-max-length-bytes': 0,
      'x-max-priority': 5,
    })
    expect(made.policies[0]?.definition).toEqual({ 'message-ttl': 86_400_000, 'max-length': 1_000_000 })
    expect(made.vhosts[0]).not.toHaveProperty('limits')
    expect([made.parameters, made.globalParameters]).toEqual([[], []])
  })

  it('let messages expire in steps of 100 ms, in the order of the declared times', () => {
    const ttl = (name: string, time: number) => queue(name, { arguments: { 'x-message-ttl': time } })
    const made = expiring(
      desired({
        queues: [ttl('long', 24 * HOUR), ttl('none', 0), ttl('short', 5), ttl('same', 5)],
        policies: [policy('p', { definition: { 'message-ttl': HOUR } })],
      }),
    )

    expect(argumentsOf(made)).toEqual({
      long: { 'x-message-ttl': 300 },
      none: { 'x-message-ttl': 0 },
      short: { 'x-message-ttl': 100 },
      same: { 'x-message-ttl': 100 },
    })
    expect(made.topology.policies[0]?.definition).toEqual({ 'message-ttl': 200 })
  })

  it('shorten only the delays of tested subscriptions, and know the declared ones', () => {
    const delays = [HOUR, 60_000, HOUR].map((delay) => ({ delay, routingKey: `${delay}`, queue: `q.retry.${delay}` }))
    const ladder = { kind: 'ladder', exchange: 'q.failed', delays, last: 'discard' } as const
    const queues = [HOUR, 60_000].map((delay) => queue(`q.retry.${delay}`, { arguments: { 'x-message-ttl': delay } }))
    const tested = subscription('q', { failure: ladder, prefetch: 1, message: { maxBytes: 1 } })
    const files = desired({ queues }, { subscriptions: [tested, subscription('other')] })

    const { desired: made, delays: scaled } = retrying(files, ({ name }) => name === 'q')

    expect(argumentsOf(made)).toEqual({
      'q.retry.3600000': { 'x-message-ttl': 200 },
      'q.retry.60000': { 'x-message-ttl': 100 },
    })
    expect(made.routes.subscriptions[0]).toEqual({
      name: 'q',
      vhost: '/',
      queue: 'q',
      failure: { ...ladder, delays: [200, 100, 200].map((delay, index) => ({ ...delays[index], delay })) },
    })
    expect([...(scaled.get('["/","q"]') ?? [])]).toEqual([
      [0, 0],
      [60_000, 100],
      [HOUR, 200],
    ])
    expect(argumentsOf(retrying(files, () => false).desired)['q.retry.60000']).toEqual({ 'x-message-ttl': 86_400_000 })
  })

  it('cover only vhosts with tests, and users only if their rights are tested', () => {
    const files = desired({
      vhosts: [vhost('a'), vhost('b')],
      queues: [queue('qa', { vhost: 'a' }), queue('qb', { vhost: 'b' })],
      users: [user('ann')],
      permissions: [permission('ann', { vhost: 'a' })],
    })
    const names = ({ topology: { vhosts, queues, users, permissions } }: Desired) =>
      [vhosts, queues, users]
        .flatMap((each) => each.map(({ name }) => name))
        .concat(permissions.map(({ user: u }) => u))

    expect(names(inVhosts(files, new Set(['a']), false))).toEqual(['a', 'qa'])
    expect(names(inVhosts(files, new Set(['a']), true))).toEqual(['a', 'qa', 'ann', 'ann'])
  })
})
