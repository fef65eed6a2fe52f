import type { Block } from '../../plan/block.ts'
import { describeRight, placeholderHint } from '../../plan/guards/missing-rights.ts'
import type { Plan } from '../../plan/plan.ts'
import { explainBlock } from './explain-block.ts'
import { groupByAddress } from '../group-by-address.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

/** Explains what keeps a plan from being applied, and what to do. */
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

/** The maximum number of missing rights that are named; `--format json` names all. */
const MOST_NAMED = 10

/** Lists the rights that the login lacks for an apply, and the commands that grant them. */
export function rightsText({ rights }: Plan, style: Style): string[] {
  if (rights === undefined) return []
  const { user, missing, grants, unverified } = rights
  const unknown = unverified === undefined ? [] : [`  not checked in full: ${unverified}`]
  if (missing.length === 0) return [[`${style.warn('Rights')} of the login ${showText(user)}`, ...unknown].join('\n')]
  const hint = placeholderHint(grants, user)
  const named = missing.slice(0, MOST_NAMED).map(({ right, addresses }) => {
    const more = addresses.length > 1 ? `, and ${addresses.length - 1} more` : ''
    return `  it ${describeRight(right)}, for ${addresses[0]}${more}`
  })
  return [
    [
      `${style.warn('Rights')} that the login ${showText(user)} lacks: an apply with it is refused (${countOf(missing.length, 'right')})`,
      ...named,
      ...(missing.length > MOST_NAMED ? [`  and ${missing.length - MOST_NAMED} more`] : []),
      ...grants.map((each) => `  grant: ${each}`),
      ...(hint === undefined ? [] : [`         ${hint}`]),
      ...unknown,
    ].join('\n'),
  ]
}
