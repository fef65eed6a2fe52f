import { canonicalJson } from '../../model/address.ts'
import { durationLabel } from '../../model/values/duration.ts'
import { compareFailure } from './compare-failure.ts'
import { isRequest, kindOfRoute, type Publication, type Subscription } from '../../model/routes.ts'
import { type Comparison, routeAddress, slot } from './comparison.ts'
import { type BreakingFinding, breakingFinding } from './version.ts'

/** Finds routes that are removed or renamed, or that guarantee programs less than before. */
export function compareRoutes(comparison: Comparison): readonly BreakingFinding[] {
  if (comparison.lacks.has('routes')) return []
  return [...comparePublications(comparison), ...compareSubscriptions(comparison)]
}

function comparePublications({ old, current }: Comparison): readonly BreakingFinding[] {
  const targetOf = (each: Publication) => canonicalJson([each.vhost, each.exchange, each.routingKey, each.headers])
  const ofKind = (kind: 'publication' | 'request') => {
    const [before, after] = [old, current].map(({ routes }) =>
      routes.publications.filter((each) => kindOfRoute(each) === kind),
    )
    const matched = match(before ?? [], after ?? [])
    const byTarget = new Map(matched.added.map((each) => [targetOf(each), each]))
    const use = kind === 'request' ? 'send requests' : 'publish'
    return [
      ...compareNames(kind, use, matched, (each) => byTarget.get(targetOf(each))),
      ...matched.pairs.flatMap(([was, is]) => publicationSettings(was, is)),
    ]
  }
  return [...ofKind('publication'), ...ofKind('request')]
}

function publicationSettings(before: Publication, after: Publication): readonly BreakingFinding[] {
  const at = routeAddress(kindOfRoute(after), after)
  const findings: BreakingFinding[] = []
  const setting = (part: string, kind: 'breaking' | 'risky', reason: string) =>
    findings.push(breakingFinding('publication-settings', kind, at, reason, { part, ...located(after) }))
  const missing = after.parameters.filter((each) => !before.parameters.includes(each))
  const needless = before.parameters.filter((each) => !after.parameters.includes(each))
  if (missing.length + needless.length > 0) {
    const reason = `its routing key takes other parameters: ${[...missing.map((each) => `+${each}`), ...needless.map((each) => `-${each}`)].join(', ')}`
    findings.push(breakingFinding('publication-parameters', 'breaking', at, reason, located(after)))
  }
  if (canonicalJson(before.partitionKeys ?? []) !== canonicalJson(after.partitionKeys ?? [])) {
    setting('partitions', 'risky', 'messages with the same key may go to another partition than before')
  }
  const lost = delaysOf(before).filter((each) => !delaysOf(after).includes(each))
  if (lost.length > 0) {
    const words = lost.length === 1 ? `the delay ${lost[0]}` : `the delays ${lost.join(', ')}`
    setting('delays', 'breaking', `it no longer has ${words}, and programs that publish with it fail`)
  }
  if (before.persistent && !after.persistent)
    setting('persistent', 'risky', 'its messages are lost when the broker restarts')
  if (before.confirm && !after.confirm)
    setting('confirm', 'risky', 'programs no longer learn whether the broker accepted a message')
  if (before.mandatory && !after.mandatory)
    setting('mandatory', 'risky', 'programs no longer learn of unroutable messages')
  // A request expires with the wait of its sender.
  if (isLower(before.expiration, after.expiration) && !isRequest(after)) {
    setting('expiration', 'risky', `its messages expire after ${after.expiration} ms ${wasOf(before.expiration)}`)
  }
  const contentType = (each: Publication) => each.message?.contentType ?? 'application/json'
  if (contentType(before) !== contentType(after)) {
    setting('contentType', 'breaking', `consumers get ${contentType(after)} where they expect ${contentType(before)}`)
  }
  const replyType = (each: Publication) => each.reply?.message?.contentType ?? 'application/json'
  if (replyType(before) !== replyType(after)) {
    setting('reply', 'breaking', `senders get replies of ${replyType(after)} where they expect ${replyType(before)}`)
  }
  const encoding = (each: Publication) => each.message?.encoding ?? 'none'
  if (encoding(before) !== encoding(after)) {
    // Consumers of warren that expect a compressed body read one that is not compressed, too.
    const risk = after.message?.encoding === undefined ? 'risky' : 'breaking'
    setting('encoding', risk, `consumers get the encoding ${encoding(after)} where they expect ${encoding(before)}`)
  }
  if (isLower(before.message?.maxBytes, after.message?.maxBytes)) {
    setting(
      'maxBytes',
      'breaking',
      `messages above ${after.message?.maxBytes} bytes are refused ${wasOf(before.message?.maxBytes)}`,
    )
  }
  return findings
}

function delaysOf({ delays = [] }: Publication): readonly string[] {
  return delays.map(({ delay }) => durationLabel(delay))
}

function compareSubscriptions(comparison: Comparison): readonly BreakingFinding[] {
  const { old, current } = comparison
  const matched = match(old.routes.subscriptions, current.routes.subscriptions)
  const byQueue = new Map(matched.added.map((each) => [slot(each.vhost, each.queue), each]))
  const currentQueue = ({ vhost, queue }: Subscription) => slot(vhost, comparison.currentName(vhost, queue))
  return [
    ...compareNames('subscription', 'consume', matched, (each) => byQueue.get(currentQueue(each))),
    ...matched.pairs.flatMap(([before, after]) => [
      ...subscriptionSettings(before, after, comparison),
      ...compareFailure(before, after),
    ]),
  ]
}

/**
 * Finds routes that are removed, renamed or added.
 *
 * @param renamed returns the added route with another name and the same destination as a removed one
 */
function compareNames<R extends Publication | Subscription>(
  kind: 'publication' | 'request' | 'subscription',
  use: string,
  { removed, added }: Matched<R>,
  renamed: (removed: R) => R | undefined,
): readonly BreakingFinding[] {
  return [
    ...removed.map((each) => {
      const other = renamed(each)
      const at = routeAddress(kind, each)
      if (other === undefined) {
        return breakingFinding(`${kind}-removed`, 'breaking', at, `programs that ${use} with it fail`)
      }
      const reason = `its name is now ${JSON.stringify(other.name)}, and programs that ${use} with the old name fail`
      return breakingFinding(`${kind}-renamed`, 'breaking', at, reason, located(other))
    }),
    ...added.map((each) =>
      breakingFinding(`${kind}-added`, 'safe', routeAddress(kind, each), 'it is new', located(each)),
    ),
  ]
}

function subscriptionSettings(
  before: Subscription,
  after: Subscription,
  comparison: Comparison,
): readonly BreakingFinding[] {
  const at = routeAddress('subscription', after)
  const findings: BreakingFinding[] = []
  const setting = (part: string, reason: string, risk: 'breaking' | 'risky' = 'risky') =>
    findings.push(breakingFinding('subscription-settings', risk, at, reason, { part, ...located(after) }))
  if (comparison.currentName(before.vhost, before.queue) !== after.queue) {
    const reason = `it consumes ${JSON.stringify(after.queue)} in place of ${JSON.stringify(before.queue)}: programs of the old version stay with the old queue`
    findings.push(breakingFinding('subscription-moved', 'risky', at, reason, located(after)))
  }
  if ((before.concurrency ?? 1) === 1 && (after.concurrency ?? 1) > 1) {
    setting('concurrency', 'messages are no longer handled in order')
  }
  if (before.idempotencyKey !== undefined && before.idempotencyKey !== after.idempotencyKey) {
    setting('idempotencyKey', 'messages that were handled under the old key may be handled again')
  }
  if (before.message?.encoding !== undefined && after.message?.encoding === undefined) {
    setting('encoding', 'compressed messages are no longer decompressed', 'breaking')
  }
  if (isLower(before.timeout, after.timeout)) {
    setting('timeout', `a handler may take ${after.timeout} ms ${wasOf(before.timeout)}`)
  }
  if (canonicalJson(before.offset ?? null) !== canonicalJson(after.offset ?? null)) {
    setting('offset', 'it begins elsewhere in the stream')
  }
  return findings
}

/** Whether a limit is lower than before, or new. */
function isLower(before: number | undefined, after: number | undefined): boolean {
  return after !== undefined && (before === undefined || after < before)
}

function wasOf(before: number | undefined): string {
  return before === undefined ? '(before: no limit)' : `(before: ${before})`
}

function located({ origin }: Publication | Subscription): Pick<BreakingFinding, 'location'> {
  return origin === undefined ? {} : { location: origin }
}

/** The routes of both versions by vhost and name. */
interface Matched<R> {
  readonly pairs: readonly (readonly [R, R])[]
  readonly removed: readonly R[]
  readonly added: readonly R[]
}

/** Pairs the routes of both versions by vhost and name. */
function match<R extends { readonly vhost: string; readonly name: string }>(
  old: readonly R[],
  current: readonly R[],
): Matched<R> {
  const after = new Map(current.map((each) => [slot(each.vhost, each.name), each]))
  const before = new Set(old.map((each) => slot(each.vhost, each.name)))
  const pairs: (readonly [R, R])[] = []
  const removed: R[] = []
  for (const each of old) {
    const same = after.get(slot(each.vhost, each.name))
    if (same === undefined) removed.push(each)
    else pairs.push([each, same])
  }
  return { pairs, removed, added: current.filter((each) => !before.has(slot(each.vhost, each.name))) }
}
