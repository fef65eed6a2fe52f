import { countOf } from '../../diagnostics/text/count-of.ts'
import { shownMessage } from '../../diagnostics/text/shown-text.ts'
import type { BreakingFinding, ChangeClass, NotContained } from '../../insight/breaking/version.ts'
import type { Style } from '../words/style.ts'

/** The data of the result of `breaking` that is rendered. */
export interface ShownBreakingReport {
  readonly against: string
  readonly changes: readonly (BreakingFinding & { readonly remedy: string; readonly allowed?: string })[]
  readonly notCompared: readonly NotContained[]
  readonly unusedAllowances: readonly string[]
}

const CLASSES: readonly ChangeClass[] = ['breaking', 'risky', 'safe']

/** Renders the effects of a change of a topology: one paragraph for each finding, and the counts. */
export function breakingText(report: ShownBreakingReport, style: Style): string {
  const { against, changes, notCompared, unusedAllowances } = report
  const lines = changes.flatMap((each) => {
    const isAllowed = each.allowed !== undefined
    const word = isAllowed ? 'allowed' : each.class
    const colored = word === 'breaking' ? style.remove(word) : word
    const head = `${colored}  ${each.address}: ${shownMessage(each.reason)}`
    if (each.class === 'safe') return [head]
    return [
      head,
      ...(each.remedy === '' ? [] : [`  to do: ${each.remedy}`]),
      isAllowed ? `  allowed: ${shownMessage(each.allowed ?? '')}` : `  id: ${each.id}`,
    ]
  })
  const counts = CLASSES.map((kind) => `${changes.filter((each) => each.class === kind).length} ${kind}`).join(', ')
  const allowed = changes.filter((each) => each.allowed !== undefined).length
  return [
    ...lines,
    ...unusedAllowances.map((id) => `--allow ${id} matches no finding`),
    ...(notCompared.length === 0
      ? []
      : [`not compared, because ${against} does not contain them: ${notCompared.join(', ')}`]),
    `${countOf(changes.length, 'change')} for users since ${against}: ${counts}${allowed === 0 ? '' : `, ${allowed} allowed`}`,
    '',
  ].join('\n')
}
