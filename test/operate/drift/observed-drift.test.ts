import { describe, expect, it } from 'vitest'
import { driftOfChange } from '../../../src/operate/drift/observed-drift.ts'
import { exchange, queue, topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

function driftBetween(live: Parameters<typeof topology>[0], desired: Parameters<typeof topology>[0]) {
  return planOf(topology(live), topology(desired)).changes.map(driftOfChange)
}

describe('driftOfChange', () => {
  it('names a missing object', () => {
    expect(driftBetween({}, { queues: [queue('bills')] })).toEqual([
      {
        address: 'queue:%2F/bills',
        kind: 'queue',
        action: 'create',
        differences: [],
        fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
      },
    ])
  })

  it('names the properties that differ', () => {
    const [drift] = driftBetween(
      { exchanges: [exchange('bills', { type: 'fanout' })] },
      { exchanges: [exchange('bills')] },
    )

    expect(drift).toMatchObject({ action: 'replace', differences: [{ property: 'type', before: 'fanout' }] })
  })

  it('has one fingerprint for one difference, and another one for another difference', () => {
    const fingerprint = (limit: number) =>
      driftBetween(
        { queues: [queue('bills', { arguments: { 'x-max-length': limit } })] },
        { queues: [queue('bills')] },
      ).map((drift) => drift.fingerprint)

    expect(fingerprint(1)).toEqual(fingerprint(1))
    expect(fingerprint(1)).not.toEqual(fingerprint(2))
  })
})
