import { describe, expect, it } from 'vitest'
import type { BrokerEvent } from '../../../../src/operate/drift/changes/broker-change.ts'
import { RecordedChanges } from '../../../../src/operate/drift/changes/recorded-changes.ts'

const AT = Date.parse('2026-01-01T00:00:00Z')
const QUEUE = 'queue:v/q'
const BINDING = 'binding:v/x/queue/q/k'

function deleted(user: string | undefined, name = 'q'): BrokerEvent {
  return {
    key: 'queue.deleted',
    headers: { vhost: 'v', name, ...(user !== undefined && { user_who_performed_action: user }) },
    at: AT,
  }
}

const UNBOUND: BrokerEvent = {
  key: 'binding.deleted',
  headers: {
    vhost: 'v',
    source_name: 'x',
    destination_kind: 'queue',
    destination_name: 'q',
    routing_key: 'k',
    arguments: [],
    user_who_performed_action: 'rmq-internal',
  },
  at: AT,
}

function recorded() {
  let now = AT
  return { changes: new RecordedChanges(() => now), later: (milliseconds: number) => (now += milliseconds) }
}

const by = (changedBy: string) => ({ changedBy, changedAt: '2026-01-01T00:00:00.000Z' })

describe('RecordedChanges', () => {
  it('knows the last change of an object, and none that names no user', () => {
    const { changes } = recorded()
    for (const user of ['app', 'ops', undefined]) changes.add(deleted(user))

    expect(changes.of([QUEUE, 'queue:v/other'])).toEqual(new Map([[QUEUE, by('ops')]]))
  })

  it('does not count changes from before a time, and forgets them after an hour', () => {
    const { changes, later } = recorded()
    changes.add(deleted('app'))
    later(1_000)

    expect(changes.of([QUEUE], AT).size).toBe(1)
    expect(changes.of([QUEUE], AT + 1).size).toBe(0)
    later(3_600_000)
    changes.add(deleted('app', 'other'))
    expect(changes.of([QUEUE]).size).toBe(0)
  })

  it('names the user who deleted a queue for its bindings, which the broker deletes itself', () => {
    const { changes } = recorded()
    changes.add(UNBOUND)
    expect(changes.of([BINDING])).toEqual(new Map([[BINDING, by('rmq-internal')]]))

    changes.add(deleted('ops'))
    expect(changes.of([BINDING])).toEqual(new Map([[BINDING, by('ops')]]))
  })

  it('remembers a limited number of objects, the latest ones', () => {
    const { changes } = recorded()
    for (let n = 0; n <= 5_000; n++) changes.add(deleted('app', `q${n}`))

    expect(changes.of(['queue:v/q0', 'queue:v/q1', 'queue:v/q5000']).size).toBe(2)
  })

  it('waits for a change that is not known yet, until it is too late', async () => {
    const { changes } = recorded()
    const late = new AbortController()
    const arrived = changes.settled([QUEUE], undefined, late.signal)
    changes.add(deleted('ops'))
    await arrived

    changes.clear()
    expect(changes.of([QUEUE]).size).toBe(0)
    const missed = changes.settled([QUEUE], undefined, late.signal)
    late.abort()
    await missed
    await changes.settled([QUEUE], undefined, late.signal)
  })
})
