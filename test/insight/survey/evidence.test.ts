import { describe, expect, it } from 'vitest'
import type { Consumer, QueueUsage } from '../../../src/broker/snapshot/snapshot.ts'
import { evidenceOf, type UseSeen } from '../../../src/insight/survey/evidence.ts'

const look = (usage: Record<string, QueueUsage>, consumers: readonly Consumer[] = []): UseSeen[] => [
  { vhost: '/', usage: new Map(Object.entries(usage)), consumers },
]

describe('evidence of use', () => {
  it('counts what was published and delivered between the first and the last observation', () => {
    const { used, withoutEvidence, window, looks } = evidenceOf(
      [
        look({ busy: { published: 10, delivered: 5 }, begun: {}, again: { published: 100 }, idle: { published: 7 } }),
        look({ busy: { published: 11, delivered: 5 } }),
        look({
          busy: { published: 40, delivered: 25 },
          begun: { published: 3 },
          again: { published: 2 },
          idle: { published: 7 },
        }),
      ],
      60_000,
    )

    expect({ window, looks }).toEqual({ window: 60_000, looks: 3 })
    expect(used).toEqual([
      { address: 'queue:%2F/busy', published: 30, delivered: 20, consumers: 0 },
      { address: 'queue:%2F/begun', published: 3, delivered: 0, consumers: 0 },
      { address: 'queue:%2F/again', published: 2, delivered: 0, consumers: 0 },
    ])
    expect(withoutEvidence).toBe(1)
  })

  it('treats a consumer as use, and names the consumers that appeared or disappeared', () => {
    const steady = { queue: 'a', connection: '1' }
    const brief = { queue: 'b', connection: '2', user: 'mailer', address: '10.0.0.1:4000' }

    const { used, changes, withoutEvidence } = evidenceOf(
      [look({ a: {}, b: {} }, [steady]), look({ a: {}, b: {} }, [steady, brief]), look({ a: {}, b: {} }, [steady])],
      20_000,
    )

    expect(used).toEqual([
      { address: 'queue:%2F/a', published: 0, delivered: 0, consumers: 1 },
      { address: 'queue:%2F/b', published: 0, delivered: 0, consumers: 0 },
    ])
    expect(changes).toEqual([
      { address: 'queue:%2F/b', change: 'came', user: 'mailer', clientAddress: '10.0.0.1:4000' },
      { address: 'queue:%2F/b', change: 'went', user: 'mailer', clientAddress: '10.0.0.1:4000' },
    ])
    expect(withoutEvidence).toBe(0)
  })

  it('knows nothing about a queue without statistics if consumers are unknown', () => {
    const blind = [{ vhost: '/', usage: new Map([['a', {}]]) }]

    expect(evidenceOf([blind, blind], 1_000)).toMatchObject({ used: [], withoutEvidence: 0, unknown: 1 })
  })
})
