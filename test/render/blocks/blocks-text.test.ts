import { expect, it } from 'vitest'
import { blocksText } from '../../../src/render/blocks/blocks-text.ts'
import { summaryText } from '../../../src/render/text/plan-summary.ts'
import { styleFor } from '../../../src/render/words/style.ts'
import { topology } from '../../builders/objects.ts'
import { planOf } from '../../builders/plan-of.ts'

it('the heading of the blocks and the summary of a plan count the same objects, however many reasons each has', () => {
  const at = (name: string) => ({ reason: 'protected', address: `queue:%2F/${name}`, action: 'delete' }) as const
  const adopted = { reason: 'adopted', address: 'queue:%2F/a' } as const
  const plan = { ...planOf(topology(), topology()), blocks: [at('a'), adopted, at('b')] }

  expect(blocksText(plan, styleFor(false)).join('\n')).toMatch(/^Blocked {2}2 decisions are needed/)
  expect(summaryText(plan, styleFor(false))).toBe('Summary  2 blocked, 1 unchanged')
})
