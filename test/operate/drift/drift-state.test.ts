import { describe, expect, it } from 'vitest'
import {
  delivered,
  type DriftState,
  MOST_PENDING,
  NO_DRIFT,
  observe,
  pendingFor,
} from '../../../src/operate/drift/drift-state.ts'
import type { ObservedDrift } from '../../../src/operate/drift/observed-drift.ts'

const WATCHED = { project: 'shop', environment: 'prod' }
const START = Date.parse('2026-01-01T00:00:00Z')
const MINUTE = 60_000

const missing: ObservedDrift = {
  address: 'queue:%2F/bills',
  kind: 'queue',
  action: 'create',
  differences: [],
  fingerprint: 'a1',
}
const differs: ObservedDrift = {
  ...missing,
  action: 'update',
  differences: [{ property: 'priority', before: 1, after: 2 }],
  fingerprint: 'b2',
}

/** Observes once a minute. */
function observeAll(rounds: readonly (readonly ObservedDrift[])[], webhooks = ['hook'], from = NO_DRIFT) {
  let state: DriftState = from
  const events = rounds.map((drifts, minute) => {
    const result = observe(state, WATCHED, { drifts, now: START + minute * MINUTE, webhooks })
    // A state survives a restart as JSON.
    state = JSON.parse(JSON.stringify(result.state)) as DriftState
    return result.events
  })
  return { state, events }
}

describe('observe', () => {
  it('reports a drift once, and its resolution once', () => {
    const { events } = observeAll([[], [missing], [missing], [], []])

    expect(events.map((round) => round.map(({ event, at }) => [event, at]))).toEqual([
      [],
      [['drifted', '2026-01-01T00:01:00.000Z']],
      [],
      [['resolved', '2026-01-01T00:03:00.000Z']],
      [],
    ])
  })

  it('names the project, the environment, the object and the time since when it differs', () => {
    const [[event] = []] = observeAll([[differs]]).events

    expect(event).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      drift: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      event: 'drifted',
      at: '2026-01-01T00:00:00.000Z',
      since: '2026-01-01T00:00:00.000Z',
      occurrences: 1,
      project: 'shop',
      environment: 'prod',
      ...differs,
    })
  })

  it('gives the beginning and the end of a drift separate ids, and the same value of drift', () => {
    const [[begin] = [], [end] = []] = observeAll([[missing], []]).events

    expect(begin?.drift).toBe(end?.drift)
    expect(begin?.id).not.toBe(end?.id)
  })

  it('gives the same object another id in another project and in another environment', () => {
    const idIn = (watched: { project: string; environment?: string }) =>
      observe(NO_DRIFT, watched, { drifts: [missing], now: START, webhooks: [] }).events.map(({ id }) => id)

    const ids = [WATCHED, { project: 'shop' }, { project: 'mail', environment: 'prod' }].flatMap(idIn)
    expect(new Set(ids).size).toBe(3)
  })

  it('reports another difference of the same object as another drift', () => {
    const [, second = []] = observeAll([[missing], [differs]]).events

    expect(second.map(({ event, action, because }) => [event, action, because])).toEqual([
      ['resolved', 'create', 'differs-otherwise'],
      ['drifted', 'update', undefined],
    ])
  })

  it('gives a drift that comes and goes a new id each time, and counts it', () => {
    const { events } = observeAll([[missing], [], [missing], [], [missing]])
    const drifted = events.flat().filter(({ event }) => event === 'drifted')

    expect(drifted.map(({ occurrences }) => occurrences)).toEqual([1, 2, 3])
    expect(new Set(drifted.map(({ id }) => id)).size).toBe(3)
  })

  it('forgets after an hour that a drift has come and gone', () => {
    const { events } = observeAll([[missing], ...Array.from({ length: 60 }, () => []), [missing]])

    expect(events.at(-1)?.map(({ occurrences }) => occurrences)).toEqual([1])
  })
})

describe('the events that wait for a webhook', () => {
  it('wait until each webhook has received them', () => {
    const { state, events } = observeAll([[missing]], ['one', 'two'])
    const [sent = []] = events

    const after = delivered(state, 'one', sent)
    expect(pendingFor(after, 'one')).toEqual([])
    expect(pendingFor(after, 'two')).toEqual(sent)
    expect(delivered(after, 'two', sent).pending).toEqual([])
  })

  it('stay in order while the receiver is down', () => {
    const { state, events } = observeAll([[missing], [], [missing]])

    expect(pendingFor(state, 'hook')).toEqual(events.flat())
  })

  it('are not kept if there is no webhook', () => {
    expect(observeAll([[missing]], []).state.pending).toEqual([])
  })

  it('are dropped if their webhook is no longer configured', () => {
    const { state } = observeAll([[missing]], ['old'])

    expect(observe(state, WATCHED, { drifts: [missing], now: START, webhooks: ['new'] }).state.pending).toEqual([])
  })

  it('are limited in number, and the dropped ones are counted', () => {
    const many = Array.from({ length: MOST_PENDING + 3 }, (_, index) => ({ ...missing, address: `queue:%2F/${index}` }))

    const { state, dropped } = observe(NO_DRIFT, WATCHED, { drifts: many, now: START, webhooks: ['hook'] })
    expect(dropped).toBe(3)
    expect(state.pending).toHaveLength(MOST_PENDING)
    expect(state.pending[0]?.event.address).toBe('queue:%2F/3')
  })
})
