import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exportSnapshot } from '../../../src/operations/insight/export.ts'
import { brokerTopology } from '../../builders/arbitrary/arbitrary-broker.ts'
import { snapshotOf } from '../../builders/snapshot-of.ts'
import { randomCases } from '../../thorough.ts'

describe('exportFiles', () => {
  it('exports any topology of a broker into files whose plan is empty', { timeout: 120_000 }, async () => {
    const anyTopology = fc.constantFrom('3.10.8', '4.0.5', '4.3.6').chain((version) => brokerTopology(version))
    await fc.assert(
      fc.asyncProperty(anyTopology, fc.boolean(), async (topology, includeTransient) => {
        const { verification, leftOut } = await exportSnapshot(snapshotOf(topology), { includeTransient })
        expect(verification.differences).toEqual([])
        // The loader refuses a policy that loses messages, which a random topology may have.
        const refused = leftOut.filter(({ reason }) => /^files cannot(?!.* also applies to )/.test(reason))
        expect(refused).toEqual([])
      }),
      { numRuns: randomCases(60, 1_000), endOnFailure: true },
    )
  })
})
