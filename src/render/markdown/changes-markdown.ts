import { formatLocation } from '../../diagnostics/location.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { Change } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'
import { subjectOf, vhostOf } from '../../plan/steps/subject.ts'
import { groupByAddress } from '../group-by-address.ts'
import { changeText } from '../text/change-text.ts'
import { KIND_WORDS, objectName } from '../words/object-words.ts'
import { sectionTitle } from '../words/section-title.ts'
import { styleFor } from '../words/style.ts'
import { codeBlock, markdownCode } from './escape-markdown.ts'

/** The levels of detail of changes, from most to least. */
export const DETAILS = ['full', 'properties', 'objects', 'summary'] as const
export type Detail = (typeof DETAILS)[number]

/** The changes of a plan, folded if they do not fit on a screen. */
export function changesMarkdown(plan: Plan, detail: Detail): string[] {
  if (plan.changes.length === 0) return []
  const title = `Changes (${withCommas(plan.changes.length)})`
  const shown = detail === 'summary' ? countsOf(plan) : codeBlock('diff', lines(plan, detail))
  return plan.changes.length > MOST_UNFOLDED
    ? [`<details><summary>${title}</summary>`, shown, '</details>']
    : [`**${title}**`, shown]
}

const MOST_UNFOLDED = 25

/** The lines of all changes, each with a sign at its start that colors it as a diff. */
function lines(plan: Plan, detail: Exclude<Detail, 'summary'>): string[] {
  const unknowns = groupByAddress(plan.unknowns)
  let title = ''
  return plan.changes.flatMap((change) => {
    const next = sectionTitle(change)
    const head = next === title ? [] : [`@@ ${next} @@`]
    title = next
    if (detail === 'full') {
      const text = changeText(change, unknowns.get(change.address) ?? [], plan.mode.destroy, styleFor(false))
      return [
        ...head,
        ...text.flatMap((line) => line.split('\n')).map((line, at) => (at === 0 ? sign(change, line) : line)),
      ]
    }
    return [...head, shortLine(change), ...(detail === 'properties' ? propertyLine(change) : [])]
  })
}

/** GitHub colors lines by their first character; `!` marks a change in place. */
const SIGNS = { create: '+', update: '!', replace: '-', rename: '!', delete: '-' } as const

function sign({ action }: Change, line: string): string {
  return `${SIGNS[action]} ${line.trimStart().replace(/^(?:\+|-\/\+|->|-|~) /, action === 'replace' ? 'replace ' : action === 'rename' ? 'rename ' : '')}`
}

function shortLine(change: Change): string {
  const subject = subjectOf(change)
  const { origin } = subject.object
  const place = origin === undefined ? '' : `   ${formatLocation(origin)}`
  return `${SIGNS[change.action]} ${change.action} ${KIND_WORDS[change.kind]} ${objectName(subject)}${place}`
}

function propertyLine(change: Change): string[] {
  if (!('differences' in change) || change.differences.length === 0) return []
  return [`      ${change.differences.map(({ property }) => property).join(', ')}`]
}

/** The maximum number of lines in the table of counts. */
const MOST_COUNTS = 100

/** The number of changes by virtual host, kind and action. */
function countsOf({ changes }: Plan): string {
  const counts = new Map<string, number>()
  for (const change of changes) {
    const vhost = vhostOf(subjectOf(change))
    const cells = [vhost === undefined ? '' : markdownCode(vhost), KIND_WORDS[change.kind], change.action].join(' | ')
    counts.set(cells, (counts.get(cells) ?? 0) + 1)
  }
  const shown = [...counts].slice(0, MOST_COUNTS)
  const rest = [...counts].slice(MOST_COUNTS).reduce((sum, [, count]) => sum + count, 0)
  return [
    '| Virtual host | Kind | Action | Count |',
    '| --- | --- | --- | ---: |',
    ...shown.map(([cells, count]) => `| ${cells} | ${withCommas(count)} |`),
    ...(rest > 0 ? [`| other | | | ${withCommas(rest)} |`] : []),
  ].join('\n')
}
