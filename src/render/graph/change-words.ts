import { countOf } from '../../diagnostics/text/count-of.ts'
import type { GraphMark, GraphPlan, NodeChange } from '../../insight/graph/graph.ts'
import { showText, showValue } from '../words/show-value.ts'

/** The sign of each change, which tells them apart without colors. */
export const MARK_SIGNS: Readonly<Record<GraphMark, string>> = { create: '+', update: '~', replace: '±', delete: '−' }

/** The change of an object or a binding. */
export const MARK_WORDS: Readonly<Record<GraphMark, string>> = {
  create: 'is created',
  update: 'is changed',
  replace: 'is deleted and recreated',
  delete: 'is deleted',
}

/** Colors of changes that are readable as lines on white and on black. */
export const MARK_COLORS: Readonly<Record<GraphMark, string>> = {
  create: '#2da44e',
  update: '#bf8700',
  replace: '#a45fd0',
  delete: '#e5484d',
}

/** In the order of a legend. */
export const MARKS: readonly GraphMark[] = ['create', 'update', 'replace', 'delete']

/** The number of differences and folded objects that are listed; the rest is counted. */
const MOST_LISTED = 2

/** The lines of a node about the effect of a plan on it. */
export function changeLines({ mark, differences, renamedFrom, keepsMessages, folded }: NodeChange): string[] {
  const own =
    renamedFrom !== undefined
      ? [`${MARK_SIGNS[mark]} is renamed from ${showText(renamedFrom)}`]
      : mark === 'update' && differences.length === 0
        ? []
        : [`${MARK_SIGNS[mark]} ${keepsMessages === true ? 'is recreated with its messages' : MARK_WORDS[mark]}`]
  const values = differences.map(({ property, before, after }) =>
    before === undefined && after === undefined
      ? `${showText(property)} changes`
      : `${showText(property)}: ${showValue(before)} → ${showValue(after)}`,
  )
  const inside = folded.map((each) => `${MARK_SIGNS[each.mark]} ${showText(each.name)} ${MARK_WORDS[each.mark]}`)
  return [...own, ...limited(values, 'difference'), ...limited(inside, 'change')]
}

function limited(lines: readonly string[], noun: string): string[] {
  const rest = lines.length - MOST_LISTED
  return rest <= 1 ? [...lines] : [...lines.slice(0, MOST_LISTED), `and ${countOf(rest, `more ${noun}`)}`]
}

/** Summarizes a plan: `Plan of shop: 2 created, 1 deleted`. */
export function planTitle({ project, counts }: GraphPlan): string {
  const words = { create: 'created', update: 'changed', replace: 'replaced', delete: 'deleted' }
  const parts = MARKS.flatMap((mark) => (counts[mark] === 0 ? [] : [`${counts[mark]} ${words[mark]}`]))
  return `Plan of ${showText(project)}: ${parts.length === 0 ? 'no changes' : parts.join(', ')}`
}

/** The changes of objects that are not drawn, one line each. */
export function notDrawnLines({ notDrawn }: GraphPlan): string[] {
  const most = 12
  const lines = notDrawn.map(({ mark, address }) => `${MARK_SIGNS[mark]} ${address} ${MARK_WORDS[mark]}`)
  return lines.length <= most + 1
    ? lines
    : [...lines.slice(0, most), `and ${countOf(lines.length - most, 'more change')}`]
}
