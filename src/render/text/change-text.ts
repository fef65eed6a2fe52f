import { diffLines } from 'diff'
import { type Location, formatLocation } from '../../diagnostics/location.ts'
import { addressOf } from '../../model/address.ts'
import type { Credential, Declared } from '../../model/topology.ts'
import { referencesIn } from '../../model/values/written-value.ts'
import type { Change, Difference, Impact, RebindGap } from '../../plan/change.ts'
import type { Unknown } from '../../plan/plan.ts'
import { subjectOf } from '../../plan/steps/subject.ts'
import { canonicalYaml } from '../diff/canonical-yaml.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { cascadeWords, senderWords } from '../words/impact-words.ts'
import { inColumns } from '../words/in-columns.ts'
import { objectDetails } from '../words/object-words.ts'
import { showText, showValue } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'
import { changeCells, type ChangeColumns, FIXED_COLUMNS } from './change-columns.ts'

const PROPERTY_WIDTH = 24

/**
 * Prints one change, with its references that have no value.
 *
 * @param columns where its texts begin. Default: those of texts that are not for a terminal
 */
export function changeText(
  change: Change,
  unknowns: readonly Unknown[],
  destroy: boolean,
  style: Style,
  columns: ChangeColumns = FIXED_COLUMNS,
): string[] {
  const colour = colourOf(change, style)
  const { kind, name, summary, place } = changeCells(change, destroy)
  const line = inColumns(
    [
      { column: columns.kind, text: kind },
      { column: columns.name, text: name, gap: 1, stays: true },
      { column: columns.summary, text: summary },
      { column: columns.place, text: place },
    ],
    columns.width,
  )
  const between = line.slice(columns.kind + kind.length, line.length - place.length)
  const details = change.action === 'create' ? wrap(objectDetails(subjectOf(change)), columns.details) : []
  return [
    `${' '.repeat(columns.kind)}${colour(kind)}${between}${style.faint(place)}`,
    ...details.map((each) => `      ${style.faint(each)}`),
    ...('differences' in change ? change.differences.map((each) => differenceText(change, each, style)) : []),
    ...writtenText(change).map((each) => style.faint(each)),
    ...unknowns.map((each) => unknownText(each, style)),
    ...rebindText(change, style),
    ...('impact' in change && change.impact !== undefined ? impactText(change, change.impact, style) : []),
  ]
}

/** Names the other bindings in the slot of a binding, and the route of messages while none is bound. */
function rebindText(change: Change, style: Style): string[] {
  if (change.kind !== 'binding') return []
  if (change.action === 'delete') {
    return (change.rebinds ?? []).map(
      ({ binding }) => `      binds ${addressOf('binding', binding)} again, which uses the same slot`,
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

/** Joins parts into lines of limited width. */
function wrap(parts: readonly string[], width: number): string[] {
  const lines: string[] = []
  for (const part of parts) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + part.length < width) lines[lines.length - 1] = `${last}, ${part}`
    else lines.push(part)
  }
  return lines
}

/** Prints what is at risk in a deletion, and what a replacement restores. */
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
      : [`      restores ${countOf(bindings.length, 'binding')}${undeclared}`]),
    ...(action === 'delete' && undeclaredBindings > 0
      ? [`      ${style.warn(`! ${countOf(undeclaredBindings, 'binding')} that this project did not declare`)}`]
      : []),
    ...cascadeWords(impact).map((each) => `      ${style.warn(`! ${each}`)}`),
    ...senderWords(impact).map((each) => `      ${style.warn(`! ${each}`)}`),
  ]
}

/** Prints what the broker deletes together with a virtual host. */
function contentsText(impact: Impact, style: Style): string[] {
  const { messages = 0, consumers = 0 } = impact
  const counts = `${countOf(messages, 'message')} and ${countOf(consumers, 'consumer')}`
  return cascadeWords(impact).map((each, at) => `      ${style.warn(`! ${each}${at === 0 ? `, with ${counts}` : ''}`)}`)
}

function colourOf({ action }: Change, style: Style): (text: string) => string {
  switch (action) {
    case 'create':
      return style.create
    case 'update':
    case 'rename':
      return style.update
    case 'replace':
    case 'delete':
      return style.remove
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

/** A property that could not be compared. */
export function unknownText({ property, missing }: Unknown, style: Style): string {
  return `      ${property.padEnd(PROPERTY_WIDTH)} ${style.warn(`unknown (${missing})`)}`
}

const LONGEST_ON_ONE_LINE = 60

/**
 * The line diff of a value that is nested or long.
 *
 * @returns undefined if both values are short enough for `before -> after`
 */
function valueDiff(before: unknown, after: unknown): string[] | undefined {
  if (isShort(before) && isShort(after)) return undefined
  return diffLines(linesOf(before), linesOf(after)).flatMap(({ added, removed, value }) => {
    const sign = added ? '+' : removed ? '-' : ' '
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${sign} ${line}`)
  })
}

function isShort(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= LONGEST_ON_ONE_LINE : typeof value !== 'object'
}

function linesOf(value: unknown): string {
  return value === undefined ? '' : canonicalYaml(value)
}

/** Names the references in the secrets and parameters of a change. An apply resolves them. */
function writtenText(change: Change): string[] {
  if (change.action === 'delete') return []
  const { references = [], credential } = change.after as Declared & { readonly credential?: Credential }
  return [
    ...credentialText(credential),
    ...references.map(({ path, reference, location }) => line(path.join('.'), reference, location)),
  ]
}

function credentialText(credential: Credential | undefined): string[] {
  const { reference, location } = credential?.written ?? {}
  if (reference === undefined || location === undefined) return []
  return [line(credential?.kind === 'hash' ? 'passwordHash' : 'password', reference, location)]
}

/** Prints only references, because the text around them may be a part of the secret, such as the user of a URI. */
function line(property: string, text: string, location: Location): string {
  const references = referencesIn(text)
  const isRelative = references.some((each) => each.startsWith('${file:'))
  const from = `from ${references.map(showText).join(' ')}${isRelative ? `, relative to ${location.file}` : ''}`
  return `      ${showText(property).padEnd(PROPERTY_WIDTH)} ${from}  (${formatLocation(location)})`
}
