import { type Location, formatLocation } from '../../diagnostics/location.ts'
import type { Change } from '../../plan/change.ts'
import { subjectOf } from '../../plan/steps/subject.ts'
import { KIND_WORDS, objectName, objectSummary } from '../words/object-words.ts'
import { showText } from '../words/show-value.ts'

/** The columns where the texts of a change begin, and the maximum length of its lines. */
export interface ChangeColumns {
  readonly kind: number
  readonly name: number
  readonly summary: number
  readonly place: number
  /** The columns of the terminal. Absent if the text is not for a terminal: lines are then never broken. */
  readonly width?: number
  /** The maximum length of a line of details. */
  readonly details: number
}

/** The width of texts that are not for a terminal. It is constant, so that logs and stored plans can be compared. */
export const FIXED_COLUMNS: ChangeColumns = { kind: 2, name: 13, summary: 56, place: 82, details: 100 }

/** Details begin six columns from the left. */
const DETAILS_INDENT = 6
const GAP = 2
/** The least space for names on a narrow terminal; longer names get their own line. */
const LEAST_FOR_NAMES = 16

/**
 * Chooses the columns of a plan by the width of the terminal and the longest texts: names get the space that the
 * summaries and positions next to them leave.
 *
 * @param width the columns of the terminal; undefined if the text is not for a terminal
 */
export function changeColumns(changes: readonly Change[], destroy: boolean, width: number | undefined): ChangeColumns {
  if (width === undefined) return FIXED_COLUMNS
  const { kind, name, summary, place } = FIXED_COLUMNS
  const texts = changes.map((change) => changeCells(change, destroy))
  const longest = (lengths: readonly number[]) => lengths.reduce((most, each) => Math.max(most, each), 0)
  const names = longest(texts.map((each) => Math.max(name, kind + each.kind.length + 1) + each.name.length))
  const summaries = Math.max(place - summary - GAP, longest(texts.map((each) => each.summary.length)))
  const places = longest(texts.map((each) => each.place.length))

  const room = width - places - GAP - summaries - GAP
  const summaryColumn = Math.max(name + LEAST_FOR_NAMES, Math.min(Math.max(summary, names + GAP), room))
  const placeColumn = Math.max(summaryColumn, Math.min(summaryColumn + summaries + GAP, width - places))
  return {
    kind,
    name,
    summary: summaryColumn,
    place: placeColumn,
    width,
    details: Math.max(LEAST_FOR_NAMES, width - DETAILS_INDENT),
  }
}

/** The texts on the line of a change: `+ queue`, `orders`, `quorum, durable`, `topology.yaml:4:3`. */
export function changeCells(change: Change, destroy: boolean) {
  const subject = subjectOf(change)
  const origin: Location | undefined = subject.object.origin
  return {
    kind: `${SYMBOLS[change.action]} ${KIND_WORDS[change.kind]}`,
    name: objectName(subject),
    summary: summaryOf(change, destroy),
    place: origin === undefined ? '' : formatLocation(origin),
  }
}

const SYMBOLS = { create: '+', update: '~', replace: '-/+', rename: '->', delete: '-' } as const

function summaryOf(change: Change, destroy: boolean): string {
  switch (change.action) {
    case 'create':
      return objectSummary(subjectOf(change))
    case 'delete':
      return `${change.adopted ? 'adopted' : 'owned'}${destroy ? '' : ', no longer declared'}`
    case 'replace':
      if (change.kind === 'binding') return 'unbound, then bound'
      return change.how === 'undecided' ? '' : change.resumes ? `${change.how}, resumed` : change.how
    case 'rename':
      return `renamed from ${showText(change.before.name)}${change.resumes ? ', resumed' : ''}`
    case 'update':
      return ''
  }
}
