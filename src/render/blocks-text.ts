import type { Block, Plan } from '../plan/plan.ts'
import { explainBlock } from './explain-block.ts'
import type { Style } from './style.ts'

/** What stops a plan from being applied, and what can be done about it. */
export function blocksText({ blocks }: Plan, style: Style): string[] {
  if (blocks.length === 0) return []
  const count = blocks.length === 1 ? '1 object needs' : `${blocks.length} objects need`
  return [
    [`${style.remove('Blocked')}  ${count} a decision; nothing is applied until then`, ...blocks.map(blockText)].join(
      '\n',
    ),
  ]
}

function blockText(block: Block): string {
  const [what, ...ways] = explainBlock(block)
  return [`  ${block.address}`, ...[what, ...ways].map((line) => `      ${line}`)].join('\n')
}
