import { describe, expect, it } from 'vitest'
import type { Desired } from '../../../src/model/desired.ts'
import { describeClients } from '../../../src/operate/doctor/clients.ts'
import { topology, user } from '../../builders/objects.ts'
import { checked, connection, look, places } from '../../builders/looks.ts'
import { snapshotOf } from '../../builders/snapshot-of.ts'

describe('the check of blocked connections', () => {
  it('counts those that may not publish, and names their programs', () => {
    const connections = [
      connection('1', { state: 'blocked', name: 'importer', product: 'amqplib 0.10.9' }),
      connection('2', { state: 'blocking' }),
      connection('3', { state: 'flow' }),
    ]
    const found = checked('blocked-connections', {}, [look(0, { connections })])

    expect(places(found)).toEqual(['error'])
    expect(found.symptoms[0]?.message).toBe(
      '2 connections may not publish: importer (user shop, amqplib 0.10.9), user shop',
    )
  })

  it('leaves out connections to other vhosts', () => {
    const connections = [connection('1', { state: 'blocked', vhost: 'other' })]

    expect(checked('blocked-connections', {}, [look(0, { connections })]).status).toBe('ok')
  })
})

describe('the check of heartbeats', () => {
  it('reports AMQP 0-9-1 connections from outside without them', () => {
    const at = (more: Parameters<typeof connection>[1]) =>
      checked('no-heartbeat', {}, [look(0, { connections: [connection('1', { heartbeat: 0, ...more })] })]).status

    expect(at({})).toBe('found')
    expect(at({ heartbeat: 60 })).toBe('ok')
    expect(at({ protocol: 'MQTT 3-1-1' })).toBe('ok')
    expect(at({ isNetwork: false, protocol: 'Direct 0-9-1' })).toBe('ok')
  })
})

describe('the check of churn', () => {
  const churn = (channels: number, connections = 0) => ({
    channels,
    connections,
    queuesCreated: 0,
    queuesDeleted: 0,
  })

  it('reports channels that are opened all the time, with candidates', () => {
    const connections = [connection('1', { name: 'worker' }), connection('2', { name: 'calm' })]
    const channel = (of: string, messages: number) => ({
      name: `${of} (1)`,
      connection: of,
      globalPrefetch: 0,
      messages,
    })
    const found = checked('churn', {}, [
      look(0, { connections, churn: churn(100), channels: [channel('1', 9), channel('2', 5)] }),
      look(10_000, { connections, churn: churn(150), channels: [channel('1', 2), channel('2', 6)] }),
    ])

    expect(found.symptoms[0]?.message).toBe(
      '5 channels are opened in a second (50 in 10 s); candidates: worker (user shop)',
    )
  })

  it('names the clients of connections that come and go', () => {
    const found = checked('churn', {}, [
      look(0, { connections: [connection('1')], churn: churn(0, 0) }),
      look(5_000, { connections: [connection('1'), connection('2', { name: 'cron' })] }),
      look(10_000, { connections: [connection('1'), connection('3', { name: 'cron' })], churn: churn(0, 5) }),
    ])

    expect(found.symptoms[0]?.message).toContain('candidates: cron (user shop) × 2')
  })

  it('reports nothing below its limits, and needs a sample', () => {
    expect(checked('churn', {}, [look(0), look(10_000, { churn: churn(9, 4) })]).status).toBe('ok')
    expect(checked('churn', {}, [look(0)]).status).toBe('unknown')
  })
})

describe('the check of rights', () => {
  const { live } = snapshotOf(topology())
  const as = (tags: readonly string[], users = [user('shop')]) =>
    snapshotOf(topology({ users }), { live: { ...live, topology: topology({ users }), login: { user: 'ops', tags } } })
  const desired = (users: readonly ReturnType<typeof user>[]) =>
    ({
      project: 'shop',
      topology: topology({ users }),
      routes: { publications: [], subscriptions: [] },
      deadLetters: [],
      secrets: [],
    }) satisfies Desired

  it('notices an administrator where a login with fewer rights is enough', () => {
    const at = (tags: readonly string[], more = {}) =>
      places(checked('login-rights', {}, [look(0)], { snapshot: as(tags), ...more }))

    expect(at(['administrator'])).toEqual(['notice ops'])
    expect(at(['monitoring', 'policymaker'])).toEqual([])
    expect(at(['administrator'], { desired: desired([]) })).toEqual(['notice ops'])
    expect(at(['administrator'], { desired: desired([user('shop')]) })).toEqual([])
  })

  it('notices programs that are logged in as an administrator', () => {
    const snapshot = as(['monitoring'], [user('shop', { tags: ['administrator'] })])
    const looks = [look(0, { connections: [connection('1'), connection('2')] })] as const
    const found = checked('login-rights', {}, [...looks], { snapshot })

    expect(found.symptoms).toMatchObject([{ severity: 'notice', subject: 'shop', numbers: { connections: 2 } }])
  })
})

describe('the description of clients', () => {
  it('groups equal clients and names the first five', () => {
    const clients = [...Array.from({ length: 6 }, (_, index) => ({ name: `app${index}` })), { name: 'app5' }]

    expect(describeClients(clients)).toBe('app5 × 2, app0, app1, app2, app3 and 1 more')
    expect(describeClients([{}])).toBe('an unnamed client')
    expect(describeClients([{ address: '[::1]:5671', user: 'u' }])).toBe('user u, [::1]')
  })
})
