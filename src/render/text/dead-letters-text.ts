import { isUtf8 } from 'node:buffer'
import type { PeekedLetter } from '../../operate/dead-letters/peek.ts'
import type { Replayed } from '../../operate/dead-letters/replay.ts'
import type {
  AboutQueue,
  DeadLetterBroker,
  DeadLetterList,
  ListedQueue,
  PeekReport,
  PurgeQuestion,
  PurgeReport,
  ReplayQuestion,
  ReplayReport,
} from '../../operate/dead-letters/reports.ts'
import type { Summary } from '../../operate/dead-letters/summary.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { inColumns } from '../words/in-columns.ts'
import { showLines, showText, showValue } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

const NAME_COLUMN = 2
const TYPE_COLUMN = 34
const COUNT_COLUMN = 44
const SERVES_COLUMN = 68
/** The column where the properties of a message begin. */
const LABEL_COLUMN = 4
const VALUE_COLUMN = 18
/** The maximum length of a shown body, in bytes. */
export const SHOWN_BODY = 1_000

/** The dead-letter queues of a topology, by vhost. */
export function deadLetterListText({ broker, queues, live, unread = [] }: DeadLetterList, style: Style): string {
  const missing = unread.map((each) => `${style.warn('not read')}  ${each}: dead letters from there may be missing`)
  if (broker === undefined) {
    const none =
      live === true
        ? 'The broker has no dead-letter queue that the login sees.'
        : 'The files declare no dead-letter queue.'
    return [none, ...missing, ''].join('\n')
  }
  const vhosts = [...new Set(queues.map(({ vhost }) => vhost))]
  return [
    brokerText(broker, style),
    ...vhosts.flatMap((vhost) => [
      '',
      style.strong(`vhost ${showText(vhost)}`),
      ...queues.filter((each) => each.vhost === vhost).flatMap((each) => listedText(each, style)),
    ]),
    ...(missing.length > 0 ? ['', ...missing] : []),
    '',
  ].join('\n')
}

function listedText({ name, serves, state, summary, notLookedAt }: ListedQueue, style: Style): string[] {
  const cells = (type: string, count: string): string =>
    inColumns([
      { column: NAME_COLUMN, text: showText(name) },
      { column: TYPE_COLUMN, text: type },
      { column: COUNT_COLUMN, text: count },
      {
        column: SERVES_COLUMN,
        text: serves.length > 0 ? `from ${serves.map(showText).join(', ')}` : style.warn('origin unknown'),
      },
    ])
  if (state === undefined) return [cells('', style.warn('not on the broker'))]
  const { type, ready, unacknowledged = 0, consumers } = state
  return [
    cells(type, countOf(ready, 'dead letter')),
    ...(unacknowledged > 0 ? [`      ${unacknowledged.toLocaleString('en-US')} more are unacknowledged`] : []),
    ...consumersText(consumers, style).map((line) => `      ${line}`),
    ...(summary === undefined || summary.messages === 0 ? [] : summaryText(summary).map((line) => `      ${line}`)),
    ...(summary !== undefined && summary.messages < ready
      ? [`      ${style.faint(`(the first ${summary.messages.toLocaleString('en-US')})`)}`]
      : []),
    ...(notLookedAt === undefined ? [] : [`      ${style.warn('not looked at')}: ${notLookedAt}`]),
  ]
}

/** Dead letters, one after the other. */
export function peekText(report: PeekReport, style: Style): string {
  const { letters, ready, looked } = report
  const shown = letters.length === ready ? 'all of them' : `${letters.length} of them, of the first ${looked}`
  return [
    ...headText(report, style),
    ...(ready === 0
      ? []
      : [`${style.strong('Shown')}    ${letters.length === 0 ? `none of the first ${looked}` : shown}`]),
    ...letters.flatMap((letter, index) => ['', ...letterText(letter, index + 1, style)]),
    '',
  ].join('\n')
}

function letterText(letter: PeekedLetter, number: number, style: Style): string[] {
  const { messageId, reason, retries, queue, died, firstFailed, published, error, exchange, routingKey } = letter
  const tried = retries === 0 ? '' : ` after ${retries} ${retries === 1 ? 'retry' : 'retries'}`
  const id = messageId === undefined ? '(no message id)' : showText(messageId)
  const headers = Object.entries(letter.headers)
  const rows: (readonly [label: string, value: string])[] = [
    ['failed in', queue === undefined ? style.warn('(unknown: it will not be replayed)') : showText(queue)],
    ['died', died ?? ''],
    ['first failed', firstFailed ?? ''],
    ['published', published ?? ''],
    ['came by', exchange === undefined ? '' : cameBy(exchange, routingKey)],
    ['error', error === undefined ? '' : showLines(error).join('\n')],
    ['correlation', letter.correlationId === undefined ? '' : showText(letter.correlationId)],
    ['headers', headers.map(([name, value]) => `${showText(name)}: ${showValue(value)}`).join('\n')],
    ['body', bodyFacts(letter)],
    ['', letter.body === undefined ? '' : bodyText(letter.body, letter.plainBytes ?? letter.bytes)],
  ]
  return [
    `${style.strong(`${number}  ${id}`)}  ${style.remove(showText(reason))}${tried}`,
    ...rows.flatMap(([label, value]) => rowText(label, value)),
  ]
}

function cameBy(exchange: string, routingKey: string | undefined): string {
  const source = exchange === '' ? 'the default exchange' : showText(exchange)
  return routingKey === undefined ? source : `${source} with ${showText(routingKey)}`
}

function rowText(label: string, value: string): string[] {
  if (value === '') return []
  return value
    .split('\n')
    .map((line, index) => `${' '.repeat(LABEL_COLUMN)}${index === 0 ? label : ''}`.padEnd(VALUE_COLUMN) + line)
}

function bodyFacts({ bytes, contentType, contentEncoding }: PeekedLetter): string {
  const kinds = [contentType, contentEncoding].flatMap((each) => (each === undefined ? [] : [showText(each)]))
  return [countOf(bytes, 'byte'), ...kinds].join(', ')
}

function bodyText(body: Buffer, bytes: number): string {
  const cut = body.subarray(0, SHOWN_BODY)
  const rest = bytes - cut.length
  // If only the last character is split, the body is still text.
  const isText = isUtf8(body) || (body.length < bytes && isUtf8(withoutLastCharacter(body)))
  const text = isText ? cut.toString('utf8') : cut.toString('base64')
  return [...showLines(text.replace(/\uFFFD$/, '')), ...(rest > 0 ? [`… and ${countOf(rest, 'byte')} more`] : [])].join(
    '\n',
  )
}

function withoutLastCharacter(body: Buffer): Buffer {
  let end = body.length
  while (end > 0 && ((body[end - 1] ?? 0) & 0xc0) === 0x80) end -= 1
  return body.subarray(0, Math.max(0, end - 1))
}

/** The effect of a replay, for its question. */
export function replayQuestionText(question: ReplayQuestion, style: Style): string {
  return [
    ...headText(question, style),
    `${style.strong('Back to')}  ${question.targets.map(showText).join(', ')}`,
    '',
  ].join('\n')
}

/** The result of a replay. */
export function replayText(report: ReplayReport, style: Style): string {
  const { result, dryRun, ready, notConfirmed } = report
  if (notConfirmed) return 'Nothing was done.\n'
  if (result === undefined) return [...headText(report, style), '  none to replay', ''].join('\n')
  const word = dryRun ? 'would replay' : 'replayed'
  const rest = ready - result.looked
  return [
    ...(dryRun ? headText(report, style) : []),
    ...(result.replayed.length === 0 ? [`  ${word}  none`] : []),
    ...result.replayed.map(
      ({ queue, messages }) => `  ${style.create(word)}  ${messages.toLocaleString('en-US')} to ${showText(queue)}`,
    ),
    ...leftText(result, style),
    ...(rest > 0 ? [`  left      ${rest.toLocaleString('en-US')} that were not looked at`] : []),
    ...stoppedText(result, style),
    '',
  ].join('\n')
}

function leftText({ left: { notMeant, unknownQueue, refused } }: Replayed, style: Style): string[] {
  const number = (count: number): string => count.toLocaleString('en-US')
  return [
    ...(notMeant > 0 ? [`  left      ${number(notMeant)} that do not match the filter`] : []),
    ...(unknownQueue > 0
      ? [`  ${style.warn('left')}      ${number(unknownQueue)} that failed in an unknown queue`]
      : []),
    ...refused.map(
      ({ queue, messages, reason }) =>
        `  ${style.remove('left')}      ${number(messages)} for ${showText(queue)}: ${reason}`,
    ),
  ]
}

function stoppedText({ stopped }: Replayed, style: Style): string[] {
  if (stopped === undefined) return []
  if (stopped.by === 'signal')
    return [`  ${style.warn('stopped')}   by a signal; run the command again to continue with the rest`]
  return [
    `  ${style.remove('stopped')}   ${stopped.reason}`,
    ...(stopped.hint === undefined ? [] : [`            ${stopped.hint}`]),
  ]
}

/** The messages that a purge would delete, for its question. */
export function purgeQuestionText(question: PurgeQuestion, style: Style): string {
  const { summary, looked } = question
  return [
    ...headText(question, style),
    `${style.remove('Delete')}   ${countOf(summary.messages, 'dead letter')} of the ${looked.toLocaleString('en-US')} that were looked at`,
    ...summaryText(summary).map((line) => `  ${line}`),
    '',
  ].join('\n')
}

/** The result of a purge. */
export function purgeText(report: PurgeReport, style: Style): string {
  const { dryRun, notConfirmed, summary, purged } = report
  if (notConfirmed) return 'Nothing was done.\n'
  if (summary.messages === 0) return [...headText(report, style), '  none to delete', ''].join('\n')
  if (dryRun) return purgeQuestionText(report, style)
  return `  ${style.remove('deleted')}  ${countOf(purged, 'dead letter')}\n`
}

function headText({ broker, queue, ready, consumers }: AboutQueue, style: Style): string[] {
  return [
    brokerText(broker, style),
    `${style.strong('Queue')}    ${queue}   ${countOf(ready, 'dead letter')}`,
    ...consumersText(consumers, style).map((line) => `         ${line}`),
  ]
}

function brokerText({ name, version, url }: DeadLetterBroker, style: Style): string {
  return `${style.strong('Broker')}   ${name} (RabbitMQ ${version})  ${url}`
}

function consumersText(consumers: number, style: Style): string[] {
  const takes = consumers === 1 ? 'takes' : 'take'
  return consumers === 0 ? [] : [style.warn(`! ${countOf(consumers, 'consumer')} ${takes} from it as well`)]
}

/** Reasons, queues if there are several, and times. */
function summaryText({ reasons, queues, oldest, newest }: Summary): string[] {
  const counts = reasons.map(({ reason, messages }) => `${showText(reason)} ${messages.toLocaleString('en-US')}`)
  const from = queues.map(
    ({ queue, messages }) =>
      `${queue === undefined ? '(unknown)' : showText(queue)} ${messages.toLocaleString('en-US')}`,
  )
  return [
    counts.join(', '),
    ...(from.length > 1 ? [`failed in ${from.join(', ')}`] : []),
    ...(oldest === undefined || newest === undefined
      ? []
      : [oldest === newest ? `failed at ${oldest}` : `failed from ${oldest} to ${newest}`]),
  ]
}
