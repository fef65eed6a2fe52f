import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { FailureEnd } from '../../insight/routing/failure-path.ts'
import type { QueueSettings } from '../../insight/routing/queue-settings.ts'
import type { Fate, TimeToLive, TracedFailure, TracedQueue } from '../../insight/trace/traced-queue.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { durationLabel } from '../../model/values/duration.ts'
import { durationWords } from '../words/duration-words.ts'
import { DOUBTS, reachWords } from '../words/reach-words.ts'
import { showText } from '../words/show-value.ts'

/** The facts of a queue on one line: `quorum, at most 100,000, publishers are refused when full`. */
export function queueFacts({ type, settings, settingsUnknown }: TracedQueue): string {
  const kind = type ?? "the vhost's default type"
  const [only, ...others] = settings
  if (only === undefined) return kind
  if (others.length > 0) return `${kind}, settings unknown: ${settingsUnknown ? DOUBTS[settingsUnknown.kind] : ''}`
  return [
    kind,
    ...limitWords(only),
    ...(only.expires === undefined ? [] : [`deleted after ${durationWords(only.expires)} unused`]),
  ].join(', ')
}

/** The limits of a queue, and what happens when it is full. */
export function limitWords(settings: QueueSettings): string[] {
  const { maxLength, maxLengthBytes } = settings
  if (settings.type === 'stream')
    return maxLengthBytes === undefined ? [] : [`at most ${withCommas(maxLengthBytes)} bytes`]
  const limits = [
    ...(maxLength === undefined ? [] : [`at most ${withCommas(maxLength)}`]),
    ...(maxLengthBytes === undefined ? [] : [`at most ${withCommas(maxLengthBytes)} bytes`]),
  ]
  return limits.length === 0 ? [] : [...limits, overflowWords(settings)]
}

function overflowWords({ overflow, deadLetter }: QueueSettings): string {
  switch (overflow) {
    case 'reject-publish':
      return 'publishers are refused when full'
    case 'reject-publish-dlx':
      return 'publishers are refused when full, and their messages are dead-lettered'
    case 'drop-head':
      return deadLetter === undefined ? 'the oldest are dropped when full' : 'the oldest are dead-lettered when full'
  }
}

/** The possible outcomes of a message in a queue, each with its label. */
export function fateLines(queue: TracedQueue): (readonly [label: string, text: string])[] {
  const { failures, expires, rejected, full } = queue
  const failing = failures.map((each): readonly [string, string] => [
    failures.length > 1 ? `fails in ${showText(each.subscription)}` : 'fails',
    failureWords(each),
  ])
  return [
    ...failing,
    // A subscription acknowledges the message and publishes a copy. Only other consumers reject messages.
    ...(rejected === undefined || failures.length > 0 ? [] : [['rejected', fateWords(rejected)] as const]),
    ...(expires === undefined
      ? []
      : [
          [
            'expires',
            `after ${durationWords(expires.after)} (${ttlWords(expires.by)}) ${fateWords(expires.fate)}`,
          ] as const,
        ]),
    ...(full === undefined ? [] : [['full', fateWords(full)] as const]),
  ]
}

function ttlWords(by: TimeToLive): string {
  switch (by.kind) {
    case 'message':
      return "the message's own"
    case 'argument':
      return 'argument of the queue'
    case 'policy':
      return `policy ${showText(by.name)}`
    case 'operator-policy':
      return `operator policy ${showText(by.name)}`
  }
}

function failureWords({ path: { steps, end }, total, deliveryLimit }: TracedFailure): string {
  const ladder = steps.map(({ delay, queue }, at) =>
    at === 0 && delay > 0 ? showText(queue) : delay === 0 ? 'at once' : durationLabel(delay),
  )
  const lost = steps.filter(({ back }) => back.queues.length === 0 && back.choices.length + back.doubts.length === 0)
  const warning = lost.length === 0 ? '' : `; LOST after ${countOf(lost.length, 'delay')} without a return route`
  const last = `${endWords(end)}${deliveryLimit === undefined ? '' : ` ${fateWords(deliveryLimit)}`}`
  const time = steps.length === 0 ? '' : ` (${durationWords(total)})`
  return steps.length === 0 ? `→ ${last}` : `→ ${ladder.join(' → ')}, then ${last}${time}${warning}`
}

function endWords(end: FailureEnd): string {
  switch (end.kind) {
    case 'dead-letter':
      return reachWords(end.reach)
    case 'discarded':
      return 'discarded'
    case 'stopped':
      return 'the subscription stops, and the message remains'
    case 'requeued':
      return end.deliveryLimit === undefined
        ? 'requeued without end'
        : `requeued up to ${countOf(end.deliveryLimit, 'time')}, then`
  }
}

/** The outcome of a message that a queue dead-letters or drops: `→ billing.dead`. */
export function fateWords(fate: Fate): string {
  if (fate.kind === 'dropped') return '→ dropped'
  if (fate.held) return '→ kept, because no queue accepts it'
  const cycles = fate.cycles.map((name) => `dropped on its way to ${showText(name)}, because it was there before`)
  const isNowhere = fate.reach.queues.length + fate.reach.choices.length + fate.reach.doubts.length === 0
  if (isNowhere && cycles.length === 0) return `→ dropped: exchange ${showText(fate.exchange)} leads to no queue`
  return `→ ${[...(isNowhere ? [] : [reachWords(fate.reach)]), ...cycles].join(', ')}`
}
