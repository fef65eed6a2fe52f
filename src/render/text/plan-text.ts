import { withCommas } from '../../diagnostics/text/with-commas.ts'
import { isDelayQueue } from '../../model/queue-role.ts'
import type { RenameChange, ReplaceChange } from '../../plan/change.ts'
import type { ConsumingClient, Kept, Plan, QueueConsumers } from '../../plan/plan.ts'
import { blocksText, rightsText } from '../blocks/blocks-text.ts'
import { groupByAddress } from '../group-by-address.ts'
import { planLintText } from '../lint/lint-text.ts'
import { againstText, notExportedText } from './against-text.ts'
import { planSurveyText } from '../survey/plan-survey.ts'
import type { PlanAdditions } from '../result/plan-additions.ts'
import { changeColumns } from './change-columns.ts'
import { changeText, unknownText } from './change-text.ts'
import { digestText, modeText } from './mode-text.ts'
import { notesText } from './notes-text.ts'
import { summaryText } from './plan-summary.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { sectionTitle } from '../words/section-title.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

/**
 * A plan for people. Broker and scope come first, because most accidents are caused by the wrong broker or the wrong
 * scope; then the changes by vhost, kind and name; then the blocks; then the summary. The columns of the changes fit
 * the width of the terminal; sentences and commands stay on one line, so that they can be copied.
 *
 * @param additions the additions that options request. Default: none
 */
export function planText(plan: Plan, style: Style, { survey, lint, sources = new Map() }: PlanAdditions = {}): string {
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
      ...(survey === undefined ? [] : [planSurveyText(survey, style)]),
      ...(lint === undefined ? [] : [planLintText(lint, sources, style)]),
      `${summaryText(plan, style)}\n${digestText(plan, style)}`,
    ].join('\n\n') + '\n'
  )
}

function headText(plan: Plan, style: Style): string {
  const { files, project } = plan
  const overlays = files.overlays.map((overlay) => `, overlay ${overlay}`).join('')
  return [
    ...environmentText(plan, style),
    againstText(plan, style),
    `${style.strong('Files')}    ${files.paths.join(' ')} (${countOf(files.count, 'file')}${overlays})   project ${showText(project)}`,
    ...outsideText(plan, style),
    ...modeText(plan, style),
  ].join('\n')
}

/** A review of the repository does not include changes of these files. */
function outsideText({ files: { templatesOutside = [] } }: Plan, style: Style): string[] {
  return templatesOutside.map((path) => `${style.warn('Outside')}  ${path}: templates outside the git repository`)
}

/** The environment comes first, because the wrong one is the most common accident. */
function environmentText({ environment, project }: Plan, style: Style): string[] {
  if (environment === undefined) return []
  const { name, unusedVariables: unused } = environment
  return [
    `${style.strong('Environment')}  ${style.strong(showText(name))}   project ${showText(project)}`,
    ...(unused.length === 0
      ? []
      : [`${style.warn('Not used')}  ${unused.join(', ')}: the environment says where its broker is`]),
  ]
}

function goneText({ cannotBringBack = [] }: Plan, style: Style): string[] {
  if (cannotBringBack.length === 0) return []
  return [[style.warn('Cannot be undone'), ...cannotBringBack.map((each) => `  ${each}`)].join('\n')]
}

function changesText(plan: Plan, style: Style): string[] {
  const unknowns = groupByAddress(plan.unknowns)
  const columns = changeColumns(plan.changes, plan.mode.destroy, style.width)
  const sections = new Map<string, string[]>()
  for (const change of plan.changes) {
    const title = sectionTitle(change)
    const section = sections.get(title) ?? [style.strong(title)]
    sections.set(title, section)
    section.push(...changeText(change, unknowns.get(change.address) ?? [], plan.mode.destroy, style, columns))
    unknowns.delete(change.address)
  }
  const rest = [...unknowns].flatMap(([address, each]) => [
    `  ? ${address}`,
    ...each.map((one) => unknownText(one, style)),
  ])
  if (rest.length > 0) sections.set('unknown', [style.strong('unknown'), ...rest])
  return [...sections.values()].map((lines) => lines.join('\n'))
}

/** Lists the objects that a prune or destroy keeps, and why. */
export function keptText({ kept }: Plan, style: Style): string[] {
  if (kept.length === 0) return []
  return [[style.strong('Kept'), ...kept.map((each) => `  ${each.address}\n      ${whyKept(each)}`)].join('\n')]
}

function whyKept(kept: Kept): string {
  switch (kept.reason) {
    case 'waiting':
      return `kept, ${withCommas(kept.messages)} waiting; a later prune deletes it when it is empty`
    case 'vhost':
      return `kept; delete it, with all that is in it, with  --allow delete=${kept.address}`
    case 'shared':
      return 'kept, because another ownership record names it too'
  }
}

type Move = Extract<ReplaceChange | RenameChange, { kind: 'queue' }>

/** Lists what a plan cannot guarantee for the queues whose messages it moves. */
function movesText({ changes }: Plan, style: Style): string[] {
  const moves = changes.filter((change): change is Move => {
    return (
      change.kind === 'queue' &&
      (change.action === 'rename' || (change.action === 'replace' && change.how === 'migrate'))
    )
  })
  if (moves.length === 0) return []
  const delays = moves.some(({ after }) => isDelayQueue(after))
  return [
    [
      style.strong('Moves'),
      '  No message in these queues is lost; messages that arrive meanwhile may be delivered twice. Not guaranteed:',
      ...[
        'a message that is published through the default exchange while the queue does not exist is returned to a publisher',
        '  with mandatory, and lost without',
        'consumers are cancelled and have to consume again; the move waits for their unacknowledged messages',
        'the broker refuses programs that declare a queue with its old arguments',
        'a message with its own expiration loses it, unless the new queue has a message TTL',
        ...(delays ? ['messages that wait in a delay queue may wait for their full delay again'] : []),
      ].map((line) => (line.startsWith('  ') ? `    ${line}` : `    - ${line}`)),
    ].join('\n'),
  ]
}

/** The maximum number of clients of a queue that are named; `--format json` names all. */
const MOST_NAMED = 10

/**
 * Names the consumers whose programs have to declare a queue with its new properties, because the broker refuses them
 * otherwise.
 */
function consumersText({ consumers = [] }: Plan, style: Style): string[] {
  if (consumers.length === 0) return []
  return [
    [
      `${style.strong('Consumers')} of queues that are replaced or renamed: a program that declares the current queue is refused afterwards, or creates the old queue again`,
      ...consumers.flatMap(queueText),
    ].join('\n'),
  ]
}

function queueText({ address, clients, unknown }: QueueConsumers): string[] {
  const more = clients.length - MOST_NAMED
  return [
    `  ${address}`,
    ...clients.slice(0, MOST_NAMED).map((each) => `      ${clientText(each)}`),
    ...(more > 0 ? [`      and ${countOf(more, 'other connection')}`] : []),
    ...(unknown > 0
      ? [`      ${unknown} unknown: too new, or the login has no tag monitoring, and does not see them`]
      : []),
  ]
}

function clientText({ user, product, name, peer, consumers }: ConsumingClient): string {
  const shown = (text: string | undefined) => (text === undefined ? 'unknown' : showText(text))
  const called = name === undefined ? '' : ` ${showText(name)}`
  const count = consumers > 1 ? `, ${countOf(consumers, 'consumer')}` : ''
  return `user ${shown(user)}, client ${shown(product)}${called}, from ${shown(peer)}${count}`
}
