import { countOf } from '../../diagnostics/text/count-of.ts'
import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { UnknownPart, UnknownReason } from '../../broker/snapshot/unknown.ts'
import type { ConsumingProgram } from '../../insight/survey/clients.ts'
import type { CountedKind, KindCount } from '../../insight/survey/count-kinds.ts'
import type { Coverage } from '../../insight/survey/coverage.ts'
import type { BrokerLint, LintCounts } from '../../insight/survey/lint-counts.ts'
import type { StandOutKind } from '../../insight/survey/stands-out.ts'
import type { Survey, SurveyedGroup, SurveyedVhost } from '../../insight/survey/survey.ts'
import type { UnmanagedObject } from '../../insight/survey/unmanaged.ts'
import { showText } from '../words/show-value.ts'
import { STATE_WORDS } from '../words/state-words.ts'
import { UNREAD_REASONS } from '../words/unread-reasons.ts'

/** Sentences and numbers of a survey, which all its formats share. */

const KIND_NAMES: Readonly<Record<CountedKind, readonly [one: string, several: string]>> = {
  exchange: ['exchange', 'exchanges'],
  queue: ['queue', 'queues'],
  'connection-queue': ['queue of connections or plugins', 'queues of connections or plugins'],
  binding: ['binding', 'bindings'],
  policy: ['policy', 'policies'],
  'operator-policy': ['operator policy', 'operator policies'],
  parameter: ['parameter', 'parameters'],
  permission: ['permission', 'permissions'],
  'topic-permission': ['topic permission', 'topic permissions'],
  user: ['user', 'users'],
  'global-parameter': ['global parameter', 'global parameters'],
}

/** `12 queues (3 classic, 9 quorum)`. */
export function kindCountText({ kind, count, types = {} }: KindCount): string {
  const name = KIND_NAMES[kind][count === 1 ? 0 : 1]
  const listed = Object.entries(types).map(([type, number]) => `${withCommas(number)} ${showText(type)}`)
  return `${withCommas(count)} ${name}${listed.length > 0 ? ` (${listed.join(', ')})` : ''}`
}

/** The counts that are not 0. */
export function countsText(counts: readonly KindCount[]): string {
  const filled = counts.filter(({ count }) => count > 0)
  return filled.length === 0 ? 'none' : filled.map(kindCountText).join(', ')
}

/** `62.3% managed: 33 of 53 objects (3 adopted); 20 unmanaged`. */
export function coverageText({ percent, objects, managed, adopted = 0, unmanaged = 0, setAside }: Coverage): string {
  const counts =
    managed === undefined
      ? `of ${countOf(objects, 'object')}`
      : `${withCommas(managed)} of ${countOf(objects, 'object')}${percent === undefined ? ' that could be read' : ''}${adopted > 0 ? ` (${withCommas(adopted)} adopted)` : ''}`
  const left = [
    ...(setAside.transient > 0 ? [`${withCommas(setAside.transient)} transient`] : []),
    ...(setAside.framework > 0 ? [`${withCommas(setAside.framework)} of frameworks`] : []),
  ]
  return [
    `${percent === undefined ? 'unknown' : `${percent}% managed`}: ${counts}`,
    ...(managed === undefined ? [] : [`${withCommas(unmanaged)} unmanaged`]),
    ...(left.length > 0 ? [`not counted: ${left.join(', ')}`] : []),
  ].join('; ')
}

/** `12 queues, 1,204 messages, 3 consumers`. */
export function groupText({ queues, messages, messagesUnknown = 0, consumers }: SurveyedGroup): string {
  return [
    countOf(queues, 'queue'),
    ...(messages === undefined ? [] : [countOf(messages, 'message')]),
    ...(messagesUnknown > 0 ? [`messages of ${countOf(messagesUnknown, 'queue')} unknown`] : []),
    ...(consumers === undefined ? [] : [countOf(consumers, 'consumer')]),
  ].join(', ')
}

/** `user billing, client "amqplib 0.10" mailer, from 10.0.0.1`. */
export function programText({ user, name, product, host }: Omit<ConsumingProgram, 'consumers' | 'queues'>): string {
  const client = [product, name].flatMap((each) => (each === undefined ? [] : [showText(each)])).join(' ')
  const parts = [
    ...(user === undefined ? [] : [`user ${showText(user)}`]),
    ...(client === '' ? [] : [`client ${client}`]),
    ...(host === undefined ? [] : [`from ${showText(host)}`]),
  ]
  return parts.length === 0 ? 'an unknown client' : parts.join(', ')
}

const STANDS_OUT: Readonly<Record<StandOutKind, (count: number) => string>> = {
  'messages-without-consumer': (count) => `${countOf(count, 'queue')} with messages and no consumer`,
  'dead-letters': (count) => `${countOf(count, 'dead-letter queue')} not empty`,
  'queue-without-bindings': (count) => `${countOf(count, 'queue')} without bindings and consumers`,
  'exchange-without-bindings': (count) => `${countOf(count, 'exchange')} without bindings`,
  largest: () => 'largest queues',
}

export function standOutTitle(what: StandOutKind, count: number): string {
  return STANDS_OUT[what](count)
}

function lintCountsText({ errors, warnings }: Pick<LintCounts, 'errors' | 'warnings'>): string {
  return `${countOf(errors, 'error')}, ${countOf(warnings, 'warning')}`
}

/** `2 errors, 5 warnings`, or `unknown` for a vhost whose objects could not all be read. */
export function vhostLintText({ lint }: Pick<SurveyedVhost, 'lint'>): string {
  return lint === undefined ? 'unknown' : lintCountsText(lint)
}

/**
 * `2 errors, 5 warnings, 1 ignored (by the rules for RabbitMQ 4.3.6)`, and in how many vhosts the findings are unknown.
 *
 * @param lint the findings of the whole broker
 * @param vhosts those of the survey
 */
export function brokerLintText(
  { ignored, version, rightsUnknown, ...counts }: BrokerLint,
  vhosts: readonly Pick<SurveyedVhost, 'lint'>[],
): string {
  const parts = [lintCountsText(counts), ...(ignored > 0 ? [`${withCommas(ignored)} ignored`] : [])]
  const rights = rightsUnknown === true ? '; the rules about rights were not applied' : ''
  const unread = vhosts.filter(({ lint }) => lint === undefined).length
  const unknown = unread === 0 ? '' : `; unknown in ${countOf(unread, 'vhost')}, whose objects could not all be read`
  return `${parts.join(', ')} (by the rules for RabbitMQ ${version})${rights}${unknown}`
}

const PARTS: Readonly<Record<UnknownPart, string>> = {
  ...STATE_WORDS,
  'internal-exchanges': 'which exchanges are internal',
  vhost: 'all of it',
  owners: 'who owns what, and coverage',
  'damaged-owners': 'a record of ownership, and coverage',
  messages: 'messages',
  consumers: 'consumers',
  clients: 'names and products of clients',
  usage: 'use of queues',
}

const REASONS: Readonly<Record<Exclude<UnknownReason, 'no-permission'>, string>> = {
  ...UNREAD_REASONS,
  'unreadable-record': 'it is damaged, or of a newer version of warren',
}

/** The parts that could not be read, with the reasons, one line for each vhost and reason. */
export function unknownLines({ unknown, source }: Pick<Survey, 'unknown'> & Partial<Pick<Survey, 'source'>>): string[] {
  const groups = new Map<
    string,
    { readonly vhost?: string; readonly reason: UnknownReason; readonly parts: string[] }
  >()
  for (const { what, vhost, reason } of unknown) {
    const key = JSON.stringify([vhost, reason])
    const group = groups.get(key) ?? { ...(vhost !== undefined && { vhost }), reason, parts: [] }
    groups.set(key, group)
    if (!group.parts.includes(PARTS[what])) group.parts.push(PARTS[what])
  }
  return Array.from(groups.values(), ({ vhost, reason, parts }) => {
    const where = vhost === undefined ? '' : `vhost ${showText(vhost)}: `
    return reason === 'no-permission'
      ? `${where}${noPermission(vhost, source)}`
      : `${where}${parts.join(', ')}: ${REASONS[reason]}`
  })
}

/** The permission that allows reading everything and nothing else. */
function noPermission(vhost: string | undefined, source: Survey['source'] | undefined): string {
  if (vhost === undefined || source?.kind !== 'broker') return 'the login has no permission'
  const grant = `rabbitmqctl set_permissions -p ${shellWord(vhost)} ${shellWord(source.user)} '^$' '^$' '^$'`
  return `the login has no permission; let it read with: ${grant}`
}

/** The source of a survey. */
export function sourceText({ source }: Pick<Survey, 'source'>): string {
  if (source.kind === 'broker') {
    const { name, version, url } = source.broker
    return `${name} (RabbitMQ ${version})  ${url}  login ${showText(source.user)}`
  }
  const { path, version, cluster } = source
  const from = [...(cluster === '' ? [] : [cluster]), ...(version === '' ? [] : [`RabbitMQ ${version}`])].join(', ')
  return `${showText(path)}${from === '' ? '' : ` (${from})`}`
}

/** The modes of the broker's statistics, and what is unknown because of them. */
export function statisticsText({ statistics }: Pick<Survey, 'statistics'>): string | undefined {
  if (statistics === undefined) return undefined
  if (!statistics.collected) return 'switched off: consumers and the use of queues are unknown'
  const mode = statistics.ratesMode ?? 'unknown'
  return `rates_mode ${mode}${mode === 'detailed' ? '' : ': the broker does not report who publishes to which exchange'}`
}

/** `quorum, 12 messages, 1 consumer, idle since …, x-max-length 5`. */
export function unmanagedText(object: UnmanagedObject): string {
  const { type, messages, consumers, idleSince, framework, setAside, arguments: table = {} } = object
  return [
    ...(type === undefined ? [] : [showText(type)]),
    ...(messages === undefined ? [] : [countOf(messages, 'message')]),
    ...(consumers === undefined ? [] : [countOf(consumers, 'consumer')]),
    ...(idleSince === undefined ? [] : [`idle since ${idleSince}`]),
    ...(framework === undefined ? [] : [`of ${framework}`]),
    ...(setAside === 'transient' ? ['transient, not counted'] : setAside === 'framework' ? ['not counted'] : []),
    ...Object.entries(table).map(([key, value]) => `${showText(key)} ${showText(JSON.stringify(value) ?? '')}`),
  ].join(', ')
}
