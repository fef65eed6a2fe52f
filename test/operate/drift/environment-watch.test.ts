import { describe, expect, it } from 'vitest'
import type { DriftEvent } from '../../../src/operate/drift/drift-event.ts'
import { type DriftState, NO_DRIFT } from '../../../src/operate/drift/drift-state.ts'
import { RecordedChanges } from '../../../src/operate/drift/changes/recorded-changes.ts'
import { EnvironmentWatch } from '../../../src/operate/drift/environment-watch.ts'
import type { ProjectObservation, SeenProject } from '../../../src/operate/drift/observation.ts'
import type { ObservedDrift } from '../../../src/operate/drift/observed-drift.ts'
import type { WatchPorts } from '../../../src/operate/drift/watch-ports.ts'

const MISSING: ObservedDrift = {
  address: 'queue:%2F/bills',
  kind: 'queue',
  action: 'create',
  differences: [],
  fingerprint: 'a1',
}
const REPLACED: ObservedDrift = { ...MISSING, action: 'replace', fingerprint: 'c3' }
const BLOCK = { reason: 'not-owned', address: 'queue:%2F/bills' } as const

function seen(drifts: readonly ObservedDrift[], blocks: SeenProject['blocks'] = []): ProjectObservation {
  return { project: 'shop', seen: { drifts, blocks, vhosts: [], queues: [] } }
}

interface Shared {
  shows: ProjectObservation
  isReceiverUp: boolean
  isPaused: boolean
  holder: AbortController | undefined
  /** Whether no process can take the lock, for example because AMQP does not answer. */
  isLockMissing: boolean
  saveFails: boolean
  whileLooking: () => void
  applying: AbortSignal | undefined
}

/** A broker, its lock and a receiver that tests change between looks, shared by several processes. */
function world() {
  const saved = new Map<string, DriftState>()
  const received: DriftEvent[] = []
  const warnings: string[] = []
  const applied: string[] = []
  const shared: Shared = {
    shows: seen([]),
    isReceiverUp: true,
    isPaused: false,
    holder: undefined,
    isLockMissing: false,
    saveFails: false,
    whileLooking: () => undefined,
    applying: undefined,
  }
  let now = Date.parse('2026-01-01T00:00:00Z')
  const changes = new RecordedChanges(() => now)
  const observed = { begun: 0, ended: 0 }
  const ports: WatchPorts = {
    clock: {
      now: () => now,
      random: () => 0,
      sleep: (milliseconds) => {
        now += milliseconds
        return Promise.resolve()
      },
    },
    observe: () => {
      shared.whileLooking()
      return Promise.resolve({ projects: [shared.shows], isUp: shared.shows.seen !== undefined, requests: 5 })
    },
    lock: () => {
      if (shared.isLockMissing) {
        return Promise.resolve({ lost: RUNNING, isMissing: true, release: () => Promise.resolve() })
      }
      if (shared.holder !== undefined && !shared.holder.signal.aborted) return Promise.resolve('held')
      const holder = new AbortController()
      shared.holder = holder
      const release = () => {
        holder.abort()
        return Promise.resolve()
      }
      return Promise.resolve({ lost: holder.signal, release })
    },
    load: ({ project }) => Promise.resolve(saved.get(project) ?? NO_DRIFT),
    save: ({ project }, state) => {
      if (shared.saveFails) return Promise.reject(new Error('may not write'))
      saved.set(project, state)
      return Promise.resolve()
    },
    send: (_webhook, events) => {
      if (!shared.isReceiverUp) {
        // The receiver is available again while the service waits.
        shared.isReceiverUp = true
        return Promise.reject(new Error('the receiver is down'))
      }
      received.push(...events)
      return Promise.resolve()
    },
    isPaused: () => Promise.resolve(shared.isPaused),
    changes: {
      begin: () => void (observed.begun += 1),
      of: (addresses, since) => Promise.resolve(changes.of(addresses, since)),
      end: () => Promise.resolve(void (observed.ended += 1)),
    },
    apply: (projects, signal) => {
      shared.applying = signal
      applied.push(...projects)
      return Promise.resolve()
    },
    onEvent: () => undefined,
    onWarning: (text) => warnings.push(text),
  }
  const start = () => new EnvironmentWatch({ interval: 60_000, webhooks: ['hook'] }, ports)
  return { shared, saved, received, warnings, applied, start, changes, observed, pass: () => void (now += 1_000) }
}

const RUNNING = new AbortController().signal

/** Looks once, and waits until the events are delivered. */
async function look(watch: EnvironmentWatch): Promise<void> {
  await watch.look(RUNNING)
  await new Promise((resolve) => setImmediate(resolve))
}

describe('EnvironmentWatch', () => {
  it('delivers a drift once, and its resolution once', async () => {
    const { shared, received, start } = world()
    const watch = start()

    for (const drifts of [[], [MISSING], [MISSING], [], []]) {
      shared.shows = seen(drifts)
      await look(watch)
    }

    expect(received.map(({ event }) => event)).toEqual(['drifted', 'resolved'])
  })

  it('says who changed an object since the look before, and keeps that until the event is delivered', async () => {
    const { shared, saved, received, start, changes, observed, pass } = world()
    const watch = start()
    const change = (key: string, user: string) =>
      changes.add({ key, headers: { vhost: '/', name: 'bills', user_who_performed_action: user }, at: 0 })
    change('queue.created', 'app')
    pass()
    await look(watch)
    // The object is declared differently now, which no one has changed on the broker.
    shared.shows = seen([REPLACED])
    await look(watch)
    pass()

    change('queue.deleted', 'ops')
    shared.shows = seen([MISSING])
    shared.isReceiverUp = false
    await watch.look(RUNNING)
    expect(saved.get('shop')?.pending.map(({ event }) => event.changedBy)).toEqual(['ops', 'ops'])
    expect(saved.get('shop')?.open).toEqual([expect.not.objectContaining({ changedBy: 'ops' })])
    await look(watch)

    expect(received.map(({ event, action, changedBy }) => [event, action, changedBy])).toEqual([
      ['drifted', 'replace', undefined],
      ['resolved', 'replace', 'ops'],
      ['drifted', 'create', 'ops'],
    ])
    expect(observed).toEqual({ begun: 4, ended: 0 })
    await watch.run(AbortSignal.abort())
    expect(observed.ended).toBe(1)
  })

  it('treats an unreachable broker neither as drift nor as the end of a drift', async () => {
    const { shared, received, warnings, start } = world()
    const watch = start()
    shared.shows = seen([MISSING])
    await look(watch)

    shared.shows = { project: 'shop', error: 'does not answer' }
    await look(watch)
    await look(watch)

    expect(received.map(({ event }) => event)).toEqual(['drifted'])
    expect(warnings).toEqual(['does not answer'])
    expect(watch.status().observation.isUp).toBe(false)
  })

  it('repeats a delivery until the receiver accepts it, with the same id', async () => {
    const { shared, received, warnings, saved, start } = world()
    const watch = start()
    shared.shows = seen([MISSING])
    shared.isReceiverUp = false

    await look(watch)

    expect(warnings).toEqual(['the receiver is down'])
    expect(received.map(({ event }) => event)).toEqual(['drifted'])
    expect(saved.get('shop')?.pending).toEqual([])
  })

  it('delivers undelivered events after a restart', async () => {
    const { shared, received, saved, start } = world()
    const stopped = new AbortController()
    shared.shows = seen([MISSING])
    shared.isReceiverUp = false
    const first = start()
    await first.look(AbortSignal.abort())
    expect(saved.get('shop')?.pending).toHaveLength(1)
    stopped.abort()
    await first.run(stopped.signal)

    const expected = saved.get('shop')?.pending[0]?.event
    shared.isReceiverUp = true
    await look(start())

    expect(received).toEqual([expected])
  })

  it('does not report a known drift again after a restart', async () => {
    const { shared, received, start } = world()
    shared.shows = seen([MISSING])
    const first = start()
    await look(first)
    await first.run(AbortSignal.abort())

    await look(start())

    expect(received).toHaveLength(1)
  })

  it('stands by while another process acts, and takes over its state', async () => {
    const { shared, received, start } = world()
    const [one, two] = [start(), start()]
    shared.shows = seen([MISSING])
    await look(one)
    await look(two)
    expect(one.status()).toMatchObject({ isActive: true, hasLooked: true })
    expect(two.status()).toMatchObject({ isActive: false, hasLooked: false })

    await one.run(AbortSignal.abort())
    shared.shows = seen([])
    await look(two)

    expect(two.status()).toMatchObject({ isActive: true })
    expect(received.map(({ event }) => event)).toEqual(['drifted', 'resolved'])
  })

  it('takes the lock again after it was lost', async () => {
    const { shared, start } = world()
    const watch = start()
    await look(watch)
    shared.holder?.abort()
    expect(watch.status().isActive).toBe(false)

    await look(watch)

    expect(watch.status().isActive).toBe(true)
  })

  it('saves, sends and applies nothing if the lock is lost during a look', async () => {
    const { shared, saved, received, applied, start } = world()
    const watch = start()
    await look(watch)
    shared.shows = seen([MISSING])
    shared.whileLooking = () => shared.holder?.abort()

    await look(watch)

    expect([saved.get('shop'), received, applied]).toEqual([undefined, [], []])
  })

  it('stops an apply when the lock is lost', async () => {
    const { shared, start } = world()
    shared.shows = seen([MISSING])
    await look(start())
    expect(shared.applying?.aborted).toBe(false)

    shared.holder?.abort()

    expect(shared.applying?.aborted).toBe(true)
  })

  it('reads the state again after the lock was lost, because another process may have acted meanwhile', async () => {
    const { shared, saved, received, start } = world()
    const watch = start()
    shared.shows = seen([MISSING])
    await look(watch)
    const known = saved.get('shop') ?? NO_DRIFT
    shared.holder?.abort()
    saved.set('shop', NO_DRIFT)
    await look(watch)
    expect(received.map(({ event }) => event)).toEqual(['drifted', 'drifted'])

    shared.holder?.abort()
    saved.set('shop', { ...known, open: [] })
    shared.shows = seen([])
    await look(watch)
    expect(received).toHaveLength(2)
  })

  it('keeps a state that it could not save after the lock was lost', async () => {
    const { shared, received, start } = world()
    const watch = start()
    shared.saveFails = true
    shared.shows = seen([MISSING])
    await look(watch)

    shared.holder?.abort()
    await look(watch)

    expect(received).toHaveLength(1)
  })

  it('acts without a lock only until it can take one', async () => {
    const { shared, applied, start } = world()
    const [one, two] = [start(), start()]
    shared.isLockMissing = true
    shared.shows = seen([MISSING])
    await look(one)
    expect(applied).toEqual(['shop'])

    shared.isLockMissing = false
    await look(two)
    await look(one)

    expect([one, two].map((each) => each.status().isActive)).toEqual([false, true])
    expect(applied).toEqual(['shop', 'shop'])
  })

  it('reads the saved state of a project that only a later look names', async () => {
    const { shared, received, saved, start } = world()
    shared.shows = seen([MISSING])
    const first = start()
    await look(first)
    await first.run(AbortSignal.abort())
    const watch = start()
    shared.shows = { project: '', error: 'the file is invalid' }
    await look(watch)

    shared.shows = seen([MISSING])
    await look(watch)

    expect(received).toHaveLength(1)
    expect(saved.get('shop')?.open).toHaveLength(1)
  })

  it('sends and applies nothing while it is paused, and afterwards reports the drift that still exists', async () => {
    const { shared, received, applied, start } = world()
    const watch = start()
    shared.isPaused = true
    shared.shows = seen([MISSING])
    await look(watch)
    expect([received, applied]).toEqual([[], []])
    expect(watch.status()).toMatchObject({ isPaused: true, hasLooked: true })

    shared.isPaused = false
    await look(watch)
    expect(received.map(({ event }) => event)).toEqual(['drifted'])
    expect(applied).toEqual(['shop'])
  })

  it('applies only plans that create and update, and that nothing blocks', async () => {
    const { shared, applied, start } = world()
    const watch = start()

    for (const each of [seen([]), seen([REPLACED]), seen([MISSING, REPLACED]), seen([MISSING], [BLOCK])]) {
      shared.shows = each
      await look(watch)
    }
    expect(applied).toEqual([])

    shared.shows = seen([MISSING])
    await look(watch)
    expect(applied).toEqual(['shop'])
  })

  it('delivers events although it cannot save them, and warns once', async () => {
    const { shared, received, warnings, start } = world()
    const watch = start()
    shared.saveFails = true
    shared.shows = seen([MISSING])

    await look(watch)

    expect(received).toHaveLength(1)
    expect(warnings).toEqual(['may not write'])
  })

  it('reports a problem once, and again when it returns', async () => {
    const { shared, warnings, start } = world()
    const watch = start()
    const failed: ProjectObservation = { project: 'shop', error: 'does not answer' }

    for (const each of [failed, failed, seen([]), failed]) {
      shared.shows = each
      await look(watch)
    }

    expect(warnings).toEqual(['does not answer', 'does not answer'])
  })

  it('reports an object that warren deleted and a program declared again, also after a restart', async () => {
    const { shared, received, start } = world()
    const owns = (...owned: readonly string[]): Partial<SeenProject> => ({ owned: new Set(owned), unmanaged: [] })
    const exists = { unmanaged: [{ address: 'queue:%2F/old', kind: 'queue' }] }
    const looks = [owns('queue:%2F/old'), owns(), { ...owns(), ...exists }, owns()]
    let watch = start()

    for (const each of looks) {
      shared.shows = { project: 'shop', seen: { drifts: [], blocks: [], vhosts: [], queues: [], ...each } }
      await look(watch)
      if (each === looks[1]) {
        await watch.run(AbortSignal.abort())
        watch = start()
      }
    }

    expect(received.map(({ event, address, action }) => [event, address, action])).toEqual([
      ['drifted', 'queue:%2F/old', 'returned'],
      ['resolved', 'queue:%2F/old', 'returned'],
    ])
  })

  it('does not resolve an object that was declared again while the owners are unknown', async () => {
    const { shared, received, start } = world()
    const watch = start()
    const unmanaged = [{ address: 'queue:%2F/old', kind: 'queue' }]
    const looks: readonly Partial<SeenProject>[] = [
      { owned: new Set(['queue:%2F/old']), unmanaged: [] },
      { owned: new Set(), unmanaged: [] },
      { owned: new Set(), unmanaged },
      {},
      { owned: new Set(), unmanaged },
    ]

    for (const each of looks) {
      shared.shows = { project: 'shop', seen: { drifts: [], blocks: [], vhosts: [], queues: [], ...each } }
      await look(watch)
    }

    expect(received.map(({ event, action }) => [event, action])).toEqual([['drifted', 'returned']])
  })

  it('does not treat a released object as one that was declared again', async () => {
    const { shared, received, start } = world()
    const watch = start()
    const unmanaged = [{ address: 'queue:%2F/old', kind: 'queue' }]

    for (const each of [
      { owned: new Set(['queue:%2F/old']), unmanaged: [] },
      { owned: new Set<string>(), unmanaged },
    ]) {
      shared.shows = { project: 'shop', seen: { drifts: [], blocks: [], vhosts: [], queues: [], ...each } }
      await look(watch)
    }

    expect(received).toEqual([])
  })

  it('counts the requests of all looks', async () => {
    const { start } = world()
    const watch = start()
    await look(watch)
    await look(watch)

    expect(watch.status().requests).toBe(10)
  })
})
