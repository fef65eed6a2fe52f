import {
  FIRST_VERSION,
  isRequest,
  kindOfRoute,
  type MessageRule,
  type Publication,
  type Subscription,
} from '../../model/routes.ts'
import { canonicalJson } from '../../model/address.ts'
import { type Comparison, routeAddress, slot } from './comparison.ts'
import { OldTraffic } from './old-traffic.ts'
import type { CompareSchemas, SchemaVerdict } from './schemas/compare-schemas.ts'
import { type BreakingFinding, breakingFinding } from './version.ts'

/** Whether consumers read what publishers send: by the version of the messages first, then by their schema. */
type Verdict = SchemaVerdict | { readonly verdict: 'version'; readonly version: number }

type CompareRules = (sent: MessageRule, accepted: MessageRule) => Verdict

/**
 * Compares messages by direction: consumers of the old version have to accept what new publishers send, and consumers of the
 * new version what old publishers sent.
 */
export function compareMessages(comparison: Comparison, compare: CompareSchemas): readonly BreakingFinding[] {
  if (comparison.lacks.has('routes')) return []
  const verdicts = new Map<unknown, Map<unknown, SchemaVerdict>>()
  const ofSchemas = (sent: unknown, accepted: unknown) => {
    const known = verdicts.get(sent) ?? new Map<unknown, SchemaVerdict>()
    verdicts.set(sent, known)
    const verdict = known.get(accepted) ?? compare(sent, accepted)
    known.set(accepted, verdict)
    return verdict
  }
  const verdictOf: CompareRules = (sent, { schema, version, accepts, schemas }) => {
    const own = sent.version ?? FIRST_VERSION
    if (accepts?.includes(own) === false) return { verdict: 'version', version: own }
    // An upcaster of the program converts it, whose result the schema checks.
    if (accepts !== undefined && version !== undefined && own < version) {
      return schemas?.[own] === undefined ? { verdict: 'compatible' } : ofSchemas(sent.schema, schemas[own])
    }
    return ofSchemas(sent.schema, schema)
  }
  const traffic = new OldTraffic(comparison)
  return [
    ...sentByNew(comparison, traffic, verdictOf),
    ...acceptedByNew(comparison, traffic, verdictOf),
    ...compareReplies(comparison, verdictOf),
  ]
}

/** Compares replies, which flow in the other direction: from responders to the senders of requests. */
function compareReplies({ old, current }: Comparison, verdictOf: CompareRules): readonly BreakingFinding[] {
  const before = new Map(old.routes.publications.filter(isRequest).map((each) => [slot(each.vhost, each.name), each]))
  return current.routes.publications.filter(isRequest).flatMap((after) => {
    const was = before.get(slot(after.vhost, after.name))
    if (was === undefined || isSame(was.reply.message, after.reply.message)) return []
    const [reply = {}, oldReply = {}] = [after.reply.message, was.reply.message]
    const sent = verdictOf(reply, oldReply)
    const accepted = verdictOf(oldReply, reply)
    const isSent = worstOf([sent, accepted]) === sent
    const reason = isSent
      ? 'new responders may send a reply that senders of the old version refuse'
      : 'old responders may send a reply that senders of the new version refuse'
    return findingOf(isSent ? sent : accepted, routeAddress('request', after), reason, after)
  })
}

function sentByNew(
  { old, current }: Comparison,
  traffic: OldTraffic,
  verdictOf: CompareRules,
): readonly BreakingFinding[] {
  const before = new Map(old.routes.publications.map((each) => [slot(each.vhost, each.name), each]))
  return current.routes.publications.flatMap((after) => {
    const was = before.get(slot(after.vhost, after.name))
    if (was === undefined) return sentByAdded(after, traffic, verdictOf)
    if (isSame(was.message, after.message)) return []
    const { schema, version } = was.message ?? {}
    // A consumer without a schema was written for what the old publishers promised.
    const accepted = traffic
      .acceptedFrom(was)
      .map((rule = {}) => (rule.schema === undefined ? { ...rule, schema } : rule))
    const unknown = { schema, ...(version !== undefined && { version, accepts: [version] }) }
    const verdicts = (accepted.length === 0 ? [unknown] : accepted).map((each) => verdictOf(after.message ?? {}, each))
    return findingOf(
      worstOf(verdicts),
      routeAddress(kindOfRoute(after), after),
      'new publishers may send a message that consumers of the old version refuse',
      after,
    )
  })
}

/** Compares the messages of an added or renamed publication with the subscriptions that it would have reached before. */
function sentByAdded(
  publication: Publication,
  traffic: OldTraffic,
  verdictOf: CompareRules,
): readonly BreakingFinding[] {
  const verdicts = traffic.acceptedFrom(publication).map((rule = {}) => verdictOf(publication.message ?? {}, rule))
  const worst = worstOf(verdicts)
  // Without a schema, nothing is known about its bodies.
  const isRefused = worst.verdict === 'breaking' && publication.message?.schema !== undefined
  if (worst.verdict !== 'version' && !isRefused) return []
  const reason = 'it may send a message that consumers of the old version refuse'
  return findingOf(worst, routeAddress(kindOfRoute(publication), publication), reason, publication)
}

function acceptedByNew(
  { old, current }: Comparison,
  traffic: OldTraffic,
  verdictOf: CompareRules,
): readonly BreakingFinding[] {
  const before = new Map(old.routes.subscriptions.map((each) => [slot(each.vhost, each.name), each]))
  return current.routes.subscriptions.flatMap((after) => {
    const was = before.get(slot(after.vhost, after.name))
    if (was === undefined || isSame(was.message, after.message)) return []
    const { schema, accepts = [FIRST_VERSION], version, schemas } = was.message ?? {}
    // Publishers without a schema, or unknown ones, send what the old consumers accepted.
    const sent = traffic.sentTo(was).map((rule = {}) => (rule.schema === undefined ? { ...rule, schema } : rule))
    const unknown = accepts.map((each) => ({
      version: each,
      schema: each === (version ?? each) ? schema : (schemas?.[each] ?? true),
    }))
    const verdicts = (sent.length === 0 ? unknown : sent).map((each) => verdictOf(each, after.message ?? {}))
    return findingOf(
      worstOf(verdicts),
      routeAddress('subscription', after),
      'old publishers may have sent a message that the new version refuses',
      after,
    )
  })
}

function worstOf(verdicts: readonly Verdict[]): Verdict {
  const find = (kind: Verdict['verdict']) => verdicts.find(({ verdict }) => verdict === kind)
  return find('version') ?? find('breaking') ?? find('undecided') ?? { verdict: 'compatible' }
}

function findingOf(
  verdict: Verdict,
  at: string,
  reason: string,
  { origin }: Publication | Subscription,
): readonly BreakingFinding[] {
  const location = origin === undefined ? {} : { location: origin }
  switch (verdict.verdict) {
    case 'compatible':
      return [breakingFinding('message-compatible', 'safe', at, 'its schema has changed and is compatible', location)]
    case 'undecided':
      return [
        breakingFinding(
          'message-undecided',
          'risky',
          at,
          'its schema has changed, and no message was found that is refused',
          location,
        ),
      ]
    case 'version':
      return [
        breakingFinding('message-version-refused', 'breaking', at, `${reason}: version ${verdict.version}`, location),
      ]
    case 'breaking': {
      const { counterexample } = verdict
      const shown = canonicalJson(counterexample)
      const text = shown.length > 300 ? `${shown.slice(0, 300)}…` : shown
      return [breakingFinding('message-refused', 'breaking', at, `${reason}: ${text}`, { counterexample, ...location })]
    }
  }
}

/** Whether two rules describe the same messages. */
function isSame(before: MessageRule = {}, after: MessageRule = {}): boolean {
  const compared = ({ schema, version, accepts, schemas }: MessageRule) =>
    canonicalJson([schema ?? null, version ?? null, accepts ?? null, schemas ?? null])
  return before === after || compared(before) === compared(after)
}
