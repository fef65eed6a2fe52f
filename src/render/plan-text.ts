import { formatLocation } from '../diagnostics/location.ts'
import { vhostOf } from '../plan/make-plan.ts'
import type { Change, Difference, Plan, Unknown } from '../plan/plan.ts'
import { blocksText } from './blocks-text.ts'
import { objectSummary, objectTitle } from './object-title.ts'
import { summaryText } from './plan-summary.ts'
import { showText, showValue } from './show-value.ts'
import type { Style } from './style.ts'
import { valueDiff } from './value-diff.ts'

const TITLE_WIDTH = 44
const PROPERTY_WIDTH = 24

/**
 * A plan for people. Broker and scope come first, since most accidents are the wrong broker or the wrong scope;
 * then the changes by vhost, kind and name; then what blocks them; then the summary.
 */
export function planText(plan: Plan, style: Style): string {
  return (
    [headText(plan, style), ...changesText(plan, style), ...blocksText(plan, style), summaryText(plan, style)].join(
      '\n\n',
    ) + '\n'
  )
}

function headText({ broker, files, project, digest }: Plan, style: Style): string {
  const overlays = files.overlays.map((overlay) => `, overlay ${overlay}`).join('')
  return [
    `${style.strong('Broker')}   ${showText(broker.name)} (RabbitMQ ${broker.version})  ${broker.url}`,
    `${style.strong('Files')}    ${files.paths.join(' ')} (${files.count} ${files.count === 1 ? 'file' : 'files'}${overlays})   project ${showText(project)}`,
    `${style.strong('Mode')}     create, update   digest ${digest}`,
  ].join('\n')
}

function changesText(plan: Plan, style: Style): string[] {
  const sections = new Map<string, string[]>()
  for (const change of plan.changes) {
    const vhost = vhostOf(change)
    const title = vhost === undefined ? 'users' : `vhost ${showText(vhost)}`
    const lines = changeText(change, unknownsOf(change, plan.unknowns), style)
    sections.set(title, [...(sections.get(title) ?? []), ...lines])
  }
  const unchangedUnknowns = plan.unknowns.filter(
    ({ address }) => !plan.changes.some((change) => change.address === address),
  )
  const unknownLines = unchangedUnknowns.map((unknown) => `  ? ${unknown.address}\n${unknownText(unknown, style)}`)
  return [
    ...[...sections].map(([title, lines]) => [style.strong(title), ...lines].join('\n')),
    ...(unknownLines.length === 0 ? [] : [[style.strong('unknown'), ...unknownLines].join('\n')]),
  ]
}

function unknownsOf(change: Change, unknowns: readonly Unknown[]): readonly Unknown[] {
  return unknowns.filter(({ address }) => address === change.address)
}

function changeText(change: Change, unknowns: readonly Unknown[], style: Style): string[] {
  const summary = change.action === 'create' ? objectSummary(change) : ''
  const origin = change.after.origin === undefined ? '' : style.faint(formatLocation(change.after.origin))
  const first = `${symbolOf(change, style)} ${objectTitle(change).padEnd(TITLE_WIDTH)}  ${summary}`.trimEnd()
  return [
    `  ${first}${origin === '' ? '' : `  ${origin}`}`,
    ...('differences' in change ? change.differences.map((each) => differenceText(change, each, style)) : []),
    ...unknowns.map((each) => unknownText(each, style)),
    ...(change.action === 'replace' && change.messages !== undefined
      ? [
          `      ${style.warn(`! ${change.messages.toLocaleString('en-US')} ${change.messages === 1 ? 'message' : 'messages'} on the live queue`)}`,
        ]
      : []),
  ]
}

function symbolOf({ action }: Change, style: Style): string {
  switch (action) {
    case 'create':
      return style.create('+')
    case 'update':
      return style.update('~')
    case 'replace':
      return style.remove('-/+')
  }
}

function differenceText({ action }: Change, difference: Difference, style: Style): string {
  const property = difference.property.padEnd(PROPERTY_WIDTH)
  if ('secret' in difference) return `      ${property} (secret changed)`
  const { before, after } = difference
  const note = action === 'replace' ? `   ${style.warn('! cannot be changed in place')}` : ''
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
