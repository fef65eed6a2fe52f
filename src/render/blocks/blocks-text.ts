import type { Block } from '../../plan/block.ts'
import type { Plan } from '../../plan/plan.ts'
import { explainBlock } from './explain-block.ts'
import { groupByAddress } from '../group-by-address.ts'
import type { Style } from '../words/style.ts'

/** What stops a plan from being applied, and what can be done about it. */
export function blocksText({ blocks }: Plan, style: Style): string[] {
  if (blocks.length === 0) return []
  const byAddress = groupByAddress(blocks)
  const count = byAddress.size === 1 ? '1 decision is' : `${byAddress.size} decisions are`
  return [
    [
      `${style.remove('Blocked')}  ${count} needed; nothing is applied until then`,
      ...[...byAddress].map(([address, its]) => blockText(address, its)),
    ].join('\n'),
  ]
}

function blockText(address: string, blocks: readonly Block[]): string {
  const lines = blocks.flatMap((block) => explainBlock(block))
  return [`  ${address}`, ...lines.map((line) => `      ${line}`)].join('\n')
}
