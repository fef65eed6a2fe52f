import { expect, it } from 'vitest'
import { planCounts } from '../../../src/render/words/plan-counts.ts'
import { blockedPlan } from '../../builders/command-result.ts'

it('counts an object that is blocked for two reasons once, as the summary of a plan does', () => {
  const [block] = blockedPlan.blocks
  const blocks =
    block === undefined ? [] : [block, { reason: 'protected', address: block.address, action: 'replace' } as const]

  expect(blocks).toHaveLength(2)
  expect(planCounts({ ...blockedPlan, blocks })).toEqual({
    create: 1,
    update: 0,
    replace: 1,
    delete: 0,
    adopt: 0,
    blocked: 1,
  })
})
