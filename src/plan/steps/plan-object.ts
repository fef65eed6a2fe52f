import { address, addressOf } from '../../model/address.ts'
import { isBuiltInExchange } from '../../model/built-in-exchange.ts'
import type { Binding, Declared, Exchange, Kind, ObjectOf, Queue } from '../../model/topology.ts'
import { compare } from '../compare/compare.ts'
import { isOwnLogin } from '../compare/own-login.ts'
import type { PlanContext } from '../plan-context.ts'
import { planRebind } from './plan-rebind.ts'
import { planReplace } from './plan-replace.ts'
import { planRename } from './plan-rename.ts'
import type { Block } from '../block.ts'
import type { Change, FixedKind } from '../change.ts'
import type { Unknown } from '../plan.ts'
import type { Step } from './step.ts'

/** Plans the changes of one declared object. */
export function planObject<K extends Kind>(context: PlanContext, kind: K, desired: ObjectOf[K]): Step {
  const at = addressOf(kind, desired)
  const { live } = context
  const found = context.liveIndex.get(kind, at)
  if (isOwnLogin(kind, desired, live.login.user)) return blocked(at, { reason: 'own-login', address: at })
  if (live.untouchable.has(at)) return blocked(at, { reason: 'untouchable', address: at })
  if ((desired as Declared).external === true) {
    if (found !== undefined) return { address: at }
    return expected(context, at) ?? blocked(at, { reason: 'external-missing', address: at })
  }
  if (kind === 'vhost' && found === undefined && !isOwnable(kind, desired)) {
    const step = expected(context, at)
    if (step !== undefined) return step
  }
  const foreign = context.foreignOwnerOf(at)
  if (foreign !== undefined && isOwnable(kind, desired)) {
    return blocked(at, { reason: 'foreign-owner', address: at, project: foreign })
  }
  if (kind === 'queue' && live.moves?.has(at)) return resumeMove(context, at, desired as Queue)
  if (kind === 'exchange' && live.replaced?.has(at)) return resumeReplace(context, 'exchange', at, desired as Exchange)
  const before = kind === 'queue' || kind === 'exchange' ? renamedFrom(kind, desired as Queue | Exchange) : undefined
  if (before !== undefined && context.liveIndex.has(kind, before)) {
    return planRename(context, kind as 'queue' | 'exchange', { at, from: before, desired: desired as Queue & Exchange })
  }
  const rebind = kind === 'binding' ? planRebind(context, at, desired as Binding) : undefined
  if (rebind !== undefined) return found !== undefined && isUnowned(context, at) ? { ...rebind, adopts: true } : rebind
  if (found === undefined)
    return context.completed.has(at) ? { address: at, isCompleted: true } : create(kind, at, desired)
  return planExisting(context, kind, { at, found, desired })
}

/** The move of a queue that a stopped run began is continued, regardless of the current state of the broker. */
function resumeMove(context: PlanContext, at: string, desired: Queue): Step {
  const from = context.live.moves?.get(at) ?? at
  const live = context.liveIndex.get('queue', from)
  if (from !== at) {
    // The old queue may already be deleted; its messages are then in the holding queue.
    const before = live ?? { ...desired, name: desired.renamedFrom ?? desired.name }
    return planRename(context, 'queue', { at, from, desired, before })
  }
  return resumeReplace(context, 'queue', at, desired)
}

/**
 * Recreates an object whose replacement a stopped run left unfinished, with the bindings and permissions to restore.
 */
function resumeReplace<K extends FixedKind>(context: PlanContext, kind: K, at: string, desired: ObjectOf[K]): Step {
  const before = context.liveIndex.get(kind, at) ?? desired
  const { differences } = compare(kind, before, desired)
  return planReplace(context, kind, { at, before, after: desired, differences, resumes: true })
}

function planExisting<K extends Kind>(
  context: PlanContext,
  kind: K,
  { at, found, desired }: { readonly at: string; readonly found: ObjectOf[K]; readonly desired: ObjectOf[K] },
): Step {
  const { differences, unknowns } = compare(kind, found, desired)
  const located = unknowns.map((unknown): Unknown => ({ address: at, ...unknown }))
  const unowned = isOwnable(kind, desired) && isUnowned(context, at)
  const adopts = unowned ? { adopts: true as const } : {}
  if (differences.length === 0) return { address: at, unknowns: located, ...adopts }
  const stranger: Block[] = unowned && !context.mode.adopt ? [{ reason: 'not-owned', address: at }] : []
  if (kind === 'queue' || kind === 'exchange') {
    const replaced = { at, before: found as Queue & Exchange, after: desired as Queue & Exchange, differences }
    const step = planReplace(context, kind, replaced)
    return { ...step, ...adopts, blocks: [...stranger, ...(step.blocks ?? [])] }
  }
  const change = { action: 'update', kind, address: at, before: found, after: desired, differences }
  return { address: at, change: change as unknown as Change, blocks: stranger, unknowns: located, ...adopts }
}

function isUnowned({ ownership, own }: PlanContext, at: string): boolean {
  return ownership !== undefined && own?.stateOf(at) === undefined
}

function renamedFrom(kind: 'queue' | 'exchange', { vhost, renamedFrom: name }: Queue | Exchange): string | undefined {
  return name === undefined ? undefined : address(kind, vhost, name)
}

/**
 * A vhost that files only refer to is not owned by the project, and the broker's own exchanges belong to the broker.
 */
export function isOwnable<K extends Kind>(kind: K, object: ObjectOf[K]): boolean {
  if (kind === 'vhost') return (object as ObjectOf['vhost']).claimed
  return kind !== 'exchange' || !isBuiltInExchange((object as Exchange).name)
}

function blocked(at: string, block: Block): Step {
  return { address: at, blocks: [block] }
}

/** An object that does not exist yet and that another project of the same run declares. */
function expected({ live }: PlanContext, at: string): Step | undefined {
  const declared = live.declaredByRun?.get(at)
  return declared && { address: at, expectedOf: declared.project }
}

function create<K extends Kind>(kind: K, at: string, after: ObjectOf[K]): Step {
  const credential = kind === 'user' ? (after as ObjectOf['user']).credential : undefined
  const change = { action: 'create', kind, address: at, after } as unknown as Change
  if (credential?.missing === undefined) return { address: at, change }
  const property = credential.kind === 'password' ? 'password' : 'passwordHash'
  return { address: at, change, unknowns: [{ address: at, property, missing: credential.missing }] }
}
