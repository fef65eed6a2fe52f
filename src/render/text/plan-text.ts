import { formatLocation } from '../../diagnostics/location.ts'
import { addressOf } from '../../model/address.ts'
import type { Change, Difference, RebindGap, Impact } from '../../plan/change.ts'
import type { Plan, Unknown } from '../../plan/plan.ts'
import { subjectOf, vhostOf } from '../../plan/steps/subject.ts'
import { againstText, notExportedText } from './against-text.ts'
import { blocksText } from '../blocks/blocks-text.ts'
import { consumersText } from '../consumers-text.ts'
import { countOf } from '../words/count-of.ts'
import { groupByAddress } from '../group-by-address.ts'
import { inColumns } from '../words/in-columns.ts'
import { keptText } from './kept-text.ts'
import { digestText, modeText } from './mode-text.ts'
import { movesText } from './moves-text.ts'
import { notesText } from './notes-text.ts'
import { KIND_WORDS, objectDetails, objectName, objectSummary } from '../words/object-words.ts'
import { rightsText } from '../blocks/rights-text.ts'
import { summaryText } from './plan-summary.ts'
import { showText, showValue } from '../words/show-value.ts'
import { cascadeWords, senderWords } from '../words/impact-words.ts'
import type { Style } from '../words/style.ts'
import { valueDiff } from '../words/value-diff.ts'
import { writtenText } from '../written-text.ts'

const KIND_COLUMN = 2
const NAME_COLUMN = 13
const SUMMARY_COLUMN = 56
const PLACE_COLUMN = 82
const DETAILS_WIDTH = 100
const PROPERTY_WIDTH = 24

/**
 * A plan for people. Broker and scope come first, since most accidents are the wrong broker or the wrong scope;
 * then the changes by vhost, kind and name; then what blocks them; then the summary.
 */
export function planText(plan: Plan, style: Style): string {
  return (
    [
      headText(plan, style),
      ...changesText(plan, style),
      ...movesText(plan, style),
      ...consumersText(plan, style),
      ...keptText(plan, style),
      ...goneText(plan, style),
      ...notesText(plan, style),
      ...blocksText(plan, style),
      ...rightsText(plan, style),
      ...notExportedText(plan, style),
      `${summaryText(plan, style)}\n${digestText(plan, style)}`,
    ].join('\n\n') + '\n'
  )
}

function headText(plan: Plan, style: Style): string {
  const { files, project } = plan
  const overlays = files.overlays.map((overlay) => `, overlay ${overlay}`).join('')
  return [
    againstText(plan, style),
    `${style.strong('Files')}    ${files.paths.join(' ')} (${countOf(files.count, 'file')}${overlays})   project ${showText(project)}`,
    ...modeText(plan, style),
  ].join('\n')
}

function goneText({ cannotBringBack = [] }: Plan, style: Style): string[] {
  if (cannotBringBack.length === 0) return []
  return [[style.warn('Cannot be taken back'), ...cannotBringBack.map((each) => `  ${each}`)].join('\n')]
}

function changesText(plan: Plan, style: Style): string[] {
  const unknowns = groupByAddress(plan.unknowns)
  const sections = new Map<string, string[]>()
  for (const change of plan.changes) {
    const vhost = vhostOf(subjectOf(change))
    const title = vhost === undefined ? (change.kind === 'user' ? 'users' : 'broker') : `vhost ${showText(vhost)}`
    const section = sections.get(title) ?? [style.strong(title)]
    sections.set(title, section)
    section.push(...changeText(change, unknowns.get(change.address) ?? [], plan.mode.destroy, style))
    unknowns.delete(change.address)
  }
  const rest = [...unknowns].flatMap(([address, each]) => [
    `  ? ${address}`,
    ...each.map((one) => unknownText(one, style)),
  ])
  if (rest.length > 0) sections.set('unknown', [style.strong('unknown'), ...rest])
  return [...sections.values()].map((lines) => lines.join('\n'))
}

function changeText(change: Change, unknowns: readonly Unknown[], destroy: boolean, style: Style): string[] {
  const { symbol, colour } = looksOf(change, style)
  const subject = subjectOf(change)
  const kind = `${symbol} ${KIND_WORDS[change.kind]}`
  const { origin } = subject.object
  const place = origin === undefined ? '' : formatLocation(origin)
  const line = inColumns([
    { column: KIND_COLUMN, text: kind },
    { column: NAME_COLUMN, text: objectName(subject), gap: 1 },
    { column: SUMMARY_COLUMN, text: summaryOf(change, destroy) },
    { column: PLACE_COLUMN, text: place },
  ])
  const between = line.slice(KIND_COLUMN + kind.length, line.length - place.length)
  return [
    `  ${colour(kind)}${between}${style.faint(place)}`,
    ...(change.action === 'create' ? wrap(objectDetails(subject)).map((each) => `      ${style.faint(each)}`) : []),
    ...('differences' in change ? change.differences.map((each) => differenceText(change, each, style)) : []),
    ...writtenText(change).map((each) => style.faint(each)),
    ...unknowns.map((each) => unknownText(each, style)),
    ...rebindText(change, style),
    ...('impact' in change && change.impact !== undefined ? impactText(change, change.impact, style) : []),
  ]
}

/** What changes beside a binding in its slot, and where messages go in the gap. */
function rebindText(change: Change, style: Style): string[] {
  if (change.kind !== 'binding') return []
  if (change.action === 'delete') {
    return (change.rebinds ?? []).map(
      ({ binding }) => `      binds ${addressOf('binding', binding)} again, which shares its place`,
    )
  }
  if (change.action !== 'replace') return []
  const others = change.unbinds
    .map((each) => addressOf('binding', each))
    .filter((at) => at !== addressOf('binding', change.before))
  return [
    ...others.filter((at) => at !== change.address).map((at) => `      also removes ${at}`),
    `      ${style.warn(`! ${GAPS[change.gap]}`)}`,
  ]
}

const GAPS: { readonly [G in RebindGap]: string } = {
  'other-destinations': 'a gap between the two: its messages go to the other destinations of the exchange meanwhile',
  'alternate-exchange': 'a gap between the two: its messages go to the alternate exchange meanwhile',
  unroutable: 'a gap between the two: its messages are unroutable meanwhile',
}

/** Joins words to lines that are not too long. */
function wrap(parts: readonly string[]): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length < DETAILS_WIDTH) lines[lines.length - 1] = `${last}, ${part}`
    else lines.push(part)
  }
  return lines
}

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

/** What a step that deletes puts at risk, and what it brings back. */
function impactText({ action, kind }: Change, impact: Impact, style: Style): string[] {
  if (kind === 'vhost') return contentsText(impact, style)
  const { messages, consumers = 0, bindings, undeclaredBindings } = impact
  const live = consumers > 0 ? ` and ${countOf(consumers, 'consumer')}` : ''
  const undeclared = undeclaredBindings > 0 ? ` (${undeclaredBindings} of them not declared)` : ''
  const count = messages === undefined ? undefined : `${countOf(messages, 'message')}${live} on the live queue`
  return [
    ...(count === undefined
      ? []
      : [`      ${messages === 0 && consumers === 0 ? style.faint(count) : style.warn(`! ${count}`)}`]),
    ...(bindings.length === 0 || action === 'delete'
      ? []
      : [`      brings back ${countOf(bindings.length, 'binding')}${undeclared}`]),
    ...(action === 'delete' && undeclaredBindings > 0
      ? [`      ${style.warn(`! ${countOf(undeclaredBindings, 'binding')} that this project did not declare`)}`]
      : []),
    ...cascadeWords(impact).map((each) => `      ${style.warn(`! ${each}`)}`),
    ...senderWords(impact).map((each) => `      ${style.warn(`! ${each}`)}`),
  ]
}

/** What is in a virtual host that the plan does not delete itself. */
function contentsText(impact: Impact, style: Style): string[] {
  const { messages = 0, consumers = 0 } = impact
  const counts = `${countOf(messages, 'message')} and ${countOf(consumers, 'consumer')}`
  return cascadeWords(impact).map((each, at) => `      ${style.warn(`! ${each}${at === 0 ? `, with ${counts}` : ''}`)}`)
}

function looksOf(
  { action }: Change,
  style: Style,
): { readonly symbol: string; readonly colour: (text: string) => string } {
  switch (action) {
    case 'create':
      return { symbol: '+', colour: style.create }
    case 'update':
      return { symbol: '~', colour: style.update }
    case 'replace':
      return { symbol: '-/+', colour: style.remove }
    case 'rename':
      return { symbol: '->', colour: style.update }
    case 'delete':
      return { symbol: '-', colour: style.remove }
  }
}

function differenceText({ action, kind }: Change, difference: Difference, style: Style): string {
  const property = difference.property.padEnd(PROPERTY_WIDTH)
  if ('secret' in difference) return `      ${property} (secret changed)`
  const { before, after } = difference
  const note = action === 'replace' && kind !== 'binding' ? `   ${style.warn('! cannot be changed in place')}` : ''
  const lines = valueDiff(before, after)
  if (lines === undefined) return `      ${property} ${showValue(before)} -> ${showValue(after)}${note}`
  const coloured = lines.map((line) =>
    line.startsWith('+') ? style.create(line) : line.startsWith('-') ? style.remove(line) : line,
  )
  return [`      ${property}${note}`.trimEnd(), ...coloured.map((line) => `        ${line}`)].join('\n')
}

function unknownText({ property, missing }: Unknown, style: Style): string {
  return `      ${property.padEnd(PROPERTY_WIDTH)} ${style.warn(`unknown (${missing})`)}`
}
