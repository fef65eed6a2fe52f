import { describeRight } from '../../plan/guards/missing-rights.ts'
import type { Plan } from '../../plan/plan.ts'
import { countOf } from '../words/count-of.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

/** How many missing rights are named; `--format json` names all. */
const MOST_NAMED = 10

/** What the login lacks for an apply, and what grants it. */
export function rightsText({ rights }: Plan, style: Style): string[] {
  if (rights === undefined) return []
  const { user, missing, grants, unverified } = rights
  const unknown = unverified === undefined ? [] : [`  not checked in full: ${unverified}`]
  if (missing.length === 0) return [[`${style.warn('Rights')} of the login ${showText(user)}`, ...unknown].join('\n')]
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
      ...unknown,
    ].join('\n'),
  ]
}
