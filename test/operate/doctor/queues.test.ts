import { describe, expect, it } from 'vitest'
import type { Desired } from '../../../src/model/desired.ts'
import { DEFAULT_LIMITS } from '../../../src/operate/doctor/limits.ts'
import { binding, exchange, policy, queue, topology } from '../../builders/objects.ts'
import { checked, look, places, seen } from '../../builders/looks.ts'

const waiting = (ready: number) => seen({ messages: ready, ready })

/** A queue with a delay queue, from which messages return, and a dead-letter queue. */
const LADDER = {
  exchanges: [exchange('failed')],
  queues: [
    queue('work', { arguments: { 'x-dead-letter-exchange': 'failed', 'x-dead-letter-routing-key': 'dead' } }),
    queue('work.retry.5s', {
      arguments: { 'x-message-ttl': 5_000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' },
    }),
    queue('work.dead'),
  ],
  bindings: [
    binding('failed', 'work.dead', { routingKey: 'dead' }),
    binding('failed', 'work.retry.5s', { routingKey: 'retry' }),
  ],
}

describe('the check of depth', () => {
  it('reports a queue above the limit, but never a delay queue', () => {
    const queues = { work: waiting(10_001), 'work.retry.5s': waiting(50_000) }
    const found = checked('depth', LADDER, [look(0, { queues })])

    expect(places(found)).toEqual(['warning queue:%2F/work'])
    expect(found.symptoms[0]).toMatchObject({ numbers: { ready: 10_001, maxDepth: 10_000 } })
    const limits = { ...DEFAULT_LIMITS, maxDepth: 20_000 }
    expect(places(checked('depth', LADDER, [look(0, { queues })], { limits }))).toEqual([])
  })

  it('reports a queue that only grows, and none that also shrinks', () => {
    const numbers = (...all: number[]) =>
      checked('depth', LADDER, all.map((each, at) => look(at * 10_000, { queues: { work: waiting(each) } })) as never)

    const found = numbers(5, 20, 65)
    expect(places(found)).toEqual(['warning queue:%2F/work'])
    expect(found.symptoms[0]?.message).toBe(
      'the queue grew from 5 to 65 messages in 20 s (180 a minute), and never shrank',
    )
    expect(places(numbers(5, 3, 65))).toEqual([])
    expect(places(numbers(5, 6, 7))).toEqual([])
  })

  it('reports a queue that is nearly full by its argument or by a policy', () => {
    const full = (objects: Parameters<typeof checked>[1], ready: number) =>
      places(checked('depth', objects, [look(0, { queues: { work: waiting(ready) } })]))
    const argument = { queues: [queue('work', { arguments: { 'x-max-length': 100 } })] }
    const byPolicy = { queues: [queue('work')], policies: [policy('p', { definition: { 'max-length': 100 } })] }

    expect(full(argument, 90)).toEqual(['warning queue:%2F/work'])
    expect(full(byPolicy, 90)).toEqual(['warning queue:%2F/work'])
    expect(full(argument, 89)).toEqual([])
    expect(full({ queues: [queue('work', { arguments: { 'x-max-length': 1 } })] }, 1)).toEqual([])
  })
})

describe('the check of the oldest message', () => {
  it('reports an old message by its timestamp, where the broker shows it', () => {
    const old = (age: number) => seen({ messages: 1, ready: 1, oldest: 1_800_000_000_000 - age })
    const found = (age: number) => places(checked('oldest-message', LADDER, [look(0, { queues: { work: old(age) } })]))

    expect(found(3_600_001)).toEqual(['warning queue:%2F/work'])
    expect(found(3_600_000)).toEqual([])
    expect(places(checked('oldest-message', LADDER, [look(0, { queues: { work: waiting(1) } })]))).toEqual([])
  })
})

describe('the check of consumers', () => {
  const desired = {
    project: 'shop',
    topology: topology(LADDER),
    routes: {
      publications: [],
      subscriptions: [{ name: 'work', vhost: '/', queue: 'work', failure: { kind: 'onFailure', action: 'stop' } }],
    },
    deadLetters: [],
    secrets: [],
  } satisfies Desired

  it('reports a declared subscription without a consumer, even if its queue is empty', () => {
    const found = (consumers: Record<string, number>) =>
      checked('consumers-missing', LADDER, [look(0, { queues: { work: waiting(0) }, consumers })], { desired })

    expect(found({}).symptoms).toMatchObject([
      { address: 'queue:%2F/work', numbers: { consumers: 0, subscriptions: 1, messages: 0 } },
    ])
    expect(found({ work: 1 }).status).toBe('ok')
  })

  it('reports messages without a consumer, except in delay queues and dead-letter queues', () => {
    const queues = { work: waiting(3), 'work.retry.5s': waiting(2), 'work.dead': waiting(9) }
    const at = (consumers: Record<string, number>) =>
      places(checked('consumers-missing', LADDER, [look(0, { queues, consumers })]))

    expect(at({})).toEqual(['warning queue:%2F/work'])
    expect(at({ work: 1 })).toEqual([])
  })

  it('counts a queue as consumed if it had a consumer in any look', () => {
    const queues = { work: waiting(3) }
    const looks = [look(0, { queues, consumers: { work: 1 } }), look(1_000, { queues })] as const

    expect(checked('consumers-missing', LADDER, [...looks]).status).toBe('ok')
  })

  it('is unknown if the consumers are unknown', () => {
    const { consumers: _, ...rest } = look(0, { queues: { work: waiting(3) } })
    const unknown = [{ part: 'consumers', reason: 'needs-monitoring' }] as const

    expect(checked('consumers-missing', LADDER, [rest], { unknown })).toMatchObject({
      status: 'unknown',
      symptoms: [],
      undecided: [{ part: 'consumers', undecided: 'needs-monitoring' }],
    })
  })
})

describe('the check of unacknowledged messages', () => {
  const at = (first: Partial<ReturnType<typeof seen>>, last: Partial<ReturnType<typeof seen>>, window = 10_000) =>
    checked('unacknowledged', LADDER, [
      look(0, { queues: { work: seen(first) } }),
      look(window, { queues: { work: seen(last) } }),
    ])

  it('reports messages that stay while none is acknowledged', () => {
    const stays = { unacknowledged: 5, delivered: 20, acknowledged: 15 }

    expect(places(at(stays, stays))).toEqual(['warning queue:%2F/work'])
    expect(places(at(stays, { unacknowledged: 9, delivered: 24, acknowledged: 15 }))).toEqual([
      'warning queue:%2F/work',
    ])
  })

  it('reports nothing while messages are acknowledged, rejected or requeued', () => {
    const before = { unacknowledged: 5, delivered: 20, acknowledged: 15 }

    expect(at(before, { unacknowledged: 5, delivered: 30, acknowledged: 25 }).status).toBe('ok')
    expect(at(before, { unacknowledged: 5, delivered: 30, acknowledged: 15 }).status).toBe('ok')
    expect(at(before, { unacknowledged: 2, delivered: 20, acknowledged: 15 }).status).toBe('ok')
  })

  it('is unknown in a sample that is shorter than the statistics need', () => {
    expect(at({}, {}, 9_999)).toMatchObject({
      status: 'unknown',
      undecided: [{ undecided: 'sample-too-short', needed: 10_000 }],
    })
  })
})

describe('the check of dead letters', () => {
  it('reports a dead-letter queue with messages and their growth', () => {
    const found = checked('dead-letters', LADDER, [
      look(0, { queues: { 'work.dead': waiting(2) } }),
      look(10_000, { queues: { 'work.dead': waiting(5), work: waiting(1) } }),
    ])

    expect(found.symptoms).toMatchObject([
      { address: 'queue:%2F/work.dead', message: '5 dead letters, 3 more than 10 s before' },
    ])
  })

  it('advises a command that finds the queue with and without files', () => {
    const work = queue('work', { arguments: { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'töt' } })
    const objects = { queues: [work, queue('töt')] }
    const queues = { töt: waiting(1) }
    const looks = [look(0, { queues })] as const
    const desired = { project: 'shop', topology: topology(objects), routes: { publications: [], subscriptions: [] } }
    const advice = (more = {}) => checked('dead-letters', objects, looks, more).symptoms.map((each) => each.advice)

    expect(advice()).toEqual(["see why with: warren dlq peek 'töt' --live"])
    expect(advice({ desired })).toEqual(["see why with: warren dlq peek 'töt'"])
  })

  it('reports nothing if a program consumes them', () => {
    const queues = { 'work.dead': waiting(2) }

    expect(checked('dead-letters', LADDER, [look(0, { queues, consumers: { 'work.dead': 1 } })]).status).toBe('ok')
  })
})

describe('the check of held dead letters', () => {
  const at = (window: number, ...held: number[]) =>
    checked(
      'held-dead-letters',
      LADDER,
      held.map((each, index) => look(index * window, { queues: { work: seen({ held: each }) } })) as never,
    )

  it('reports dead letters that are held in all looks', () => {
    expect(at(10_000, 3, 2).symptoms).toMatchObject([{ address: 'queue:%2F/work', numbers: { held: 2, looks: 2 } }])
    expect(at(10_000, 3, 0).status).toBe('ok')
  })

  it('is unknown after one look, because every dead letter is held for a moment', () => {
    expect(at(0, 3)).toMatchObject({ status: 'unknown', undecided: [{ address: 'queue:%2F/work' }] })
    expect(at(0, 0).status).toBe('ok')
  })
})

describe('the check of delay queues', () => {
  const at = (window: number, first: Partial<ReturnType<typeof seen>>, last = first, work = [0, 0]) =>
    checked('stuck-delays', LADDER, [
      look(0, { queues: { 'work.retry.5s': seen(first), work: seen({ delivered: work[0] ?? 0 }) } }),
      look(window, { queues: { 'work.retry.5s': seen(last), work: seen({ delivered: work[1] ?? 0 }) } }),
    ])

  it('reports messages that remain in the queue after their delay', () => {
    const found = at(15_000, { messages: 4 })

    expect(found.symptoms).toMatchObject([
      { address: 'queue:%2F/work.retry.5s', numbers: { messages: 4, delay: 5_000, window: 15_000 } },
    ])
  })

  it('reports nothing if messages leave the queue or arrive in it', () => {
    expect(at(15_000, { messages: 4 }, { messages: 3 }).status).toBe('ok')
    expect(at(15_000, { messages: 4, published: 9 }, { messages: 4, published: 12 }).status).toBe('ok')
    // A message that fails repeatedly is in the delay queue at every look.
    expect(at(15_000, { messages: 1 }, { messages: 1 }, [3, 6]).status).toBe('ok')
  })

  it('leaves dead letters that are held to their own check', () => {
    expect(at(15_000, { messages: 4, held: 4 }).status).toBe('ok')
  })

  it('is unknown if the sample is shorter than the delay', () => {
    expect(at(14_000, { messages: 4 })).toMatchObject({
      status: 'unknown',
      undecided: [{ undecided: 'sample-too-short', needed: 15_000 }],
    })
  })

  it('reads the bindings of a vhost once for all delay queues', () => {
    const count = 60
    let reads = 0
    const delays = Array.from({ length: count }, (_, at) => `work.retry.${at + 1}s`)
    const bindings = delays.map((name) => {
      const each = binding('failed', name, { routingKey: name })
      return Object.defineProperty({ ...each }, 'destination', { enumerable: true, get: () => ((reads += 1), name) })
    })
    const table = { 'x-message-ttl': 1_000, 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'work' }
    const objects = {
      exchanges: [exchange('failed')],
      queues: [queue('work'), ...delays.map((name) => queue(name, { arguments: table }))],
      bindings,
    }
    const queues = Object.fromEntries(delays.map((name) => [name, waiting(1)]))

    const found = checked('stuck-delays', objects, [look(0, { queues }), look(15_000, { queues })])

    expect(found.symptoms).toHaveLength(count)
    expect(reads).toBeLessThan((count * count) / 2)
  })

  it('reports a program that consumes a delay queue', () => {
    const found = checked('stuck-delays', LADDER, [look(0, { consumers: { 'work.retry.5s': 1 } })])

    expect(found.symptoms[0]?.message).toBe('1 consumer takes messages from a delay queue, before their delay is over')
  })
})
