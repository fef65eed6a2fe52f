import { addressesIn } from '../../broker/records/ownership.ts'
import { address, addressOf } from '../../model/address.ts'
import type { SlotBinding } from '../../model/binding-slot.ts'
import { queueOfFailedExchange } from '../../model/generated-names.ts'
import type { Binding, Kind, Queue } from '../../model/topology.ts'
import type { Block } from '../block.ts'
import { isProtectedUser } from '../broker-support/unsupported.ts'
import type { AffectedObject, Change, Impact } from '../change.ts'
import { isOwnLogin } from '../compare/own-login.ts'
import { isWithin } from '../guards/targets.ts'
import { uncountedBlocks } from '../migration/move-blocks.ts'
import type { PlanContext } from '../plan-context.ts'
import { cascadesOf, notOwned } from './cascades.ts'
import { impactOf, impactOfVhost, isRisky } from './impact.ts'
import { sendersToOne } from './senders.ts'
import type { Step } from './step.ts'
import { type Subject, addressOfSubject } from './subject.ts'

/**
 * Plans the deletion of the objects that the project owns and no longer declares; for a destroy, of all objects that
 * it owns.
 */
export function planDeletes(context: PlanContext): Step[] {
  const { own, mode } = context
  if (own === undefined || !(mode.prune || mode.destroy)) return []
  const waiting = removedDelays(context)
  const subjects = undeclaredOwned(context)
  const gone = new Set(
    subjects.map(addressOfSubject).filter((at) => isWithin(mode, [at]) && !isShared(context, at) && !waiting.get(at)),
  )
  return subjects.flatMap((subject) => planDelete(context, subject, { waiting, gone }) ?? [])
}

/** The objects on the broker that this project owns or has adopted and no longer declares. */
export function undeclaredOwned(context: PlanContext): Subject[] {
  const { own, mode, desiredIndex, liveIndex } = context
  return [...(own?.addresses() ?? [])].flatMap((at) => {
    const subject = liveIndex.find(at)
    if (subject === undefined || (!mode.destroy && isPartOfRename(context, at, subject))) return []
    // For a destroy, every object except external ones counts as no longer declared.
    const declared = desiredIndex.find(at)
    const keeps = mode.destroy
      ? declared?.object.external === true
      : declared !== undefined || isReplaced(context, subject)
    return keeps ? [] : [subject]
  })
}

/** Whether a declared binding replaces this one in its slot in one step. */
function isReplaced({ slots }: PlanContext, { kind, object }: Subject): boolean {
  return kind === 'binding' && slots.isDeclared(object)
}

/**
 * Whether an object is renamed, or is a binding of a renamed object; neither is deleted, because a rename moves both.
 */
function isPartOfRename({ renamed }: PlanContext, at: string, { kind, object }: Subject): boolean {
  if (renamed.has(at)) return true
  if (kind !== 'binding') return false
  const { vhost, source, destinationType, destination } = object
  return renamed.has(address('exchange', vhost, source)) || renamed.has(address(destinationType, vhost, destination))
}

export interface Deletes {
  /** The numbers of messages in the queues of removed delays, by address. */
  readonly waiting: ReadonlyMap<string, number>
  /** Addresses of all objects that the narrowed plan deletes. */
  readonly gone: ReadonlySet<string>
}

/** Plans the deletion of one object; undefined if this run does not delete its kind. */
export function planDelete(context: PlanContext, subject: Subject, { waiting, gone }: Deletes): Step | undefined {
  const { kind, object } = subject
  const at = addressOfSubject(subject)
  if (isOwnLogin(kind, object, context.live.login.user))
    return { address: at, blocks: [{ reason: 'own-login', address: at }] }
  if (isShared(context, at)) return { address: at, kept: { address: at, reason: 'shared' } }
  if (kind === 'vhost') {
    if (!context.mode.allowDelete.has(at)) {
      return context.mode.destroy ? { address: at, kept: { address: at, reason: 'vhost' } } : undefined
    }
    // Other projects may not have created their objects yet. A destroy lists what the broker deletes together with
    // the vhost; a prune allows none of it.
    if (!context.mode.destroy && isUsedByOthers(context, object.name)) {
      return { address: at, kept: { address: at, reason: 'shared' } }
    }
  }
  const messages = waiting.get(at)
  if (messages !== undefined && messages > 0) return { address: at, kept: { address: at, reason: 'waiting', messages } }
  const cascades = cascadesOf(context, subject, gone)
  const senders = kind === 'queue' || kind === 'exchange' ? sendersToOne(context, at, gone) : []
  const impact = withSenders(withCascades(impactIn(context, subject, at), cascades), senders)
  const change = {
    action: 'delete',
    kind,
    address: at,
    before: object,
    ...(context.own?.stateOf(at) === 'adopted' && { adopted: true }),
    ...(impact && { impact }),
    ...(kind === 'queue' && messages !== undefined && { removedDelay: true }),
    ...(kind === 'binding' && rebindsOf(context, object, gone)),
  } as unknown as Change
  const blocks = [...blocksOf(context, at, subject, cascades), ...stillUsed(context, at, senders)]
  // If the deletion of an object is allowed, so are the objects that the broker deletes with it.
  const left = isDeletedWithAnother(subject, gone) ? blocks.filter(({ reason }) => reason !== 'adopted') : blocks
  return { address: at, change, blocks: left }
}

/** Whether the broker deletes an object with another one that is deleted anyway. */
function isDeletedWithAnother({ kind, object }: Subject, gone: ReadonlySet<string>): boolean {
  if (kind === 'binding') {
    const { vhost, source, destinationType, destination } = object
    return gone.has(address('exchange', vhost, source)) || gone.has(address(destinationType, vhost, destination))
  }
  return (kind === 'permission' || kind === 'topic-permission') && gone.has(address('user', object.user))
}

/** The bindings that are kept in the slot of a deleted one: the broker would no longer route by them. */
function rebindsOf({ slots }: PlanContext, binding: Binding, gone: ReadonlySet<string>) {
  const rule = slots.ruleOf(binding)
  if (rule === undefined) return {}
  const rebinds = slots.liveIn(rule, binding).filter((each) => !gone.has(addressOf('binding', each)))
  return rebinds.length === 0 ? {} : { rebinds: rebinds.map((each): SlotBinding => ({ rule, binding: each })) }
}

function impactIn(context: PlanContext, { kind, object }: Subject, at: string): Impact | undefined {
  if (kind === 'vhost') return impactOfVhost(context, object.name)
  return kind === 'queue' || kind === 'exchange' ? impactOf(context, kind, at) : undefined
}

/**
 * An object in another project's record is kept, even if this project has taken it over: until that record is cleaned
 * up, its project may still rely on it. A user or a global parameter belongs to the whole broker, and is kept while
 * any other record contains it.
 */
function isShared({ ownership, vhosts }: PlanContext, at: string): boolean {
  if (ownership === undefined) return false
  if (ownership.named.has(at)) return true
  if (!(at.startsWith('user:') || at.startsWith('global-parameter:'))) return false
  return [...ownership.own].some(([vhost, record]) => !vhosts.has(vhost) && addressesIn(record).includes(at))
}

function withCascades(impact: Impact | undefined, cascades: readonly AffectedObject[]): Impact | undefined {
  return cascades.length === 0 ? impact : { bindings: [], undeclaredBindings: 0, ...impact, cascades }
}

function withSenders(impact: Impact | undefined, senders: readonly AffectedObject[]): Impact | undefined {
  return impact === undefined || senders.length === 0 ? impact : { ...impact, senders }
}

/** Blocks a delete or a rename after which the broker would silently drop messages that others send to the object. */
export function stillUsed({ mode }: PlanContext, at: string, all: readonly AffectedObject[]): Block[] {
  const senders = mode.allowDelete.has(at) ? [] : notOwned(all)
  return senders.length === 0 ? [] : [{ reason: 'still-used', address: at, senders }]
}

function blocksOf(
  context: PlanContext,
  at: string,
  { kind, object }: Subject,
  cascades: readonly AffectedObject[],
): Block[] {
  const { own, mode, live } = context
  // `protect` in the files also protects an object, even if the record is lost.
  const declared = context.desiredIndex.find(at)
  if (own?.isProtected(at) || declared?.object.protect === true || refusesDeletion(kind, object))
    return [{ reason: 'protected', address: at, action: 'delete' }]
  if (kind === 'user' && isProtectedUser(live.broker, object))
    return [{ reason: 'unsupported', address: at, what: { kind: 'user-protected' } }]
  const allowed = mode.allowDelete.has(at)
  const blocks: Block[] = []
  if (!allowed && own?.stateOf(at) === 'adopted') blocks.push({ reason: 'adopted', address: at })
  const objects = forbiddenCascades(context, kind, allowed, cascades)
  if (objects.length > 0) blocks.push({ reason: 'cascades', address: at, objects })
  // The plan lists the contents of a virtual host. Allowing its deletion accepts their loss.
  if (kind === 'vhost') blocks.push(...uncountedBlocks(context, kind, at, object.name))
  if (kind === 'queue' || kind === 'exchange') {
    const impact = impactOf(context, kind, at)
    const uncounted = uncountedBlocks(context, kind, at, object.name)
    if (uncounted.length > 0) blocks.push(...uncounted)
    else if (!allowed && isRisky(impact)) blocks.push({ reason: 'data-loss', address: at, impact })
  }
  return object.external === true ? [] : blocks
}

/**
 * The objects that the broker must not delete together with this one. In a prune, allowing the deletion of a virtual
 * host only includes that virtual host in the run. It does not mean that a person has checked foreign objects in it,
 * or those that the plan leaves out.
 */
function forbiddenCascades(
  { mode }: PlanContext,
  kind: Kind,
  allowed: boolean,
  cascades: readonly AffectedObject[],
): readonly AffectedObject[] {
  if (kind === 'vhost' && !mode.destroy) return cascades
  return allowed ? [] : notOwned(cascades)
}

/** Whether another project has a record in a virtual host. */
function isUsedByOthers({ ownership }: PlanContext, vhost: string): boolean {
  return ownership?.others.some((record) => record.vhost === vhost && addressesIn(record).length > 0) === true
}

/** The broker answers 412 for a vhost that it protects (rabbit_vhost:delete). */
function refusesDeletion(kind: Kind, object: Subject['object']): boolean {
  return kind === 'vhost' && object.protect === true
}

/**
 * Finds the delay queues of delays that a ladder no longer contains, with the numbers of their messages: workers of
 * the previous version may use them until they are replaced.
 *
 * @returns the numbers by the addresses of the queues and of their bindings
 */
function removedDelays(context: PlanContext): ReadonlyMap<string, number> {
  const waiting = new Map<string, number>()
  if (context.mode.destroy) return waiting
  for (const queue of context.live.topology.queues) {
    const at = addressOf('queue', queue)
    if (context.stateOf(at) === undefined || context.desiredIndex.has('queue', at) || !isDelayQueue(queue)) continue
    const bindings = context.bindingsOf(at).filter((each) => isRungOf(context, each))
    if (bindings.length === 0) continue
    const { messages = 0 } = impactOf(context, 'queue', at)
    for (const each of [at, ...bindings.map((binding) => addressOf('binding', binding))]) waiting.set(each, messages)
  }
  return waiting
}

/** Whether a queue only delays messages and dead-letters them. */
function isDelayQueue({ arguments: table }: Queue): boolean {
  return Object.hasOwn(table, 'x-message-ttl') && Object.hasOwn(table, 'x-dead-letter-exchange')
}

/** Whether a binding comes from the failure exchange of a queue that still has a ladder. */
function isRungOf({ desiredIndex }: PlanContext, { vhost, source }: Binding): boolean {
  const queue = queueOfFailedExchange(source)
  if (queue === undefined || !desiredIndex.has('queue', address('queue', vhost, queue))) return false
  return desiredIndex.has('exchange', address('exchange', vhost, source))
}
