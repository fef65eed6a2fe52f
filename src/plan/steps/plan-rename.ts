import { address, addressOf } from '../../model/address.ts'
import type { Exchange, ObjectOf, Queue } from '../../model/topology.ts'
import { holdingNameBlocks, moveBlocks, uncountedBlocks } from '../migration/move-blocks.ts'
import type { PlanContext } from '../plan-context.ts'
import { sendersToOne } from './senders.ts'
import type { Block } from '../block.ts'
import type { Change, FixedKind } from '../change.ts'
import { stillUsed } from './plan-deletes.ts'
import { bindsAsOf } from './plan-replace.ts'
import { impactOf } from './impact.ts'
import type { Step } from './step.ts'

/** Nothing is deleted before its replacement exists. */
const NOTHING_GONE: ReadonlySet<string> = new Set()

interface Renamed<K extends FixedKind> {
  readonly at: string
  /** Its old address. */
  readonly from: string
  readonly desired: ObjectOf[K]
  /** The state that a stopped run found. */
  readonly before?: ObjectOf[K]
}

/** Plans the rename of a queue or an exchange. */
export function planRename<K extends FixedKind>(context: PlanContext, kind: K, renamed: Renamed<K>): Step {
  const { at, from, desired } = renamed
  const before = renamed.before ?? context.liveIndex.get(kind, from)
  if (before === undefined) return { address: at }
  const resumes = renamed.before !== undefined
  const senders = sendersToOne(context, from, NOTHING_GONE)
  const { drops, carries, undecided } = oldBindings(context, from, desired)
  const change = {
    action: 'rename',
    kind,
    address: at,
    from,
    before,
    after: desired,
    impact: { ...impactOf(context, kind, from), ...(senders.length > 0 && { senders }) },
    ...(context.mode.prune && { drops }),
    ...(carries.length > 0 && { carries }),
    ...bindsAsOf(context, at),
    ...(resumes && { resumes: true }),
  } as unknown as Change
  const taken = kind === 'queue' ? holdingNameBlocks(context, at, before, resumes) : []
  const adopted = undecided.map((each): Block => ({ reason: 'adopted', address: each }))
  return {
    address: at,
    change,
    blocks: resumes ? taken : [...taken, ...adopted, ...blocksOf(context, kind, renamed, before)],
  }
}

/** The project's bindings under the old name that are not declared for the new one. A prune does not recreate them. */
interface OldBindings {
  readonly drops: readonly string[]
  readonly carries: readonly { readonly from: string; readonly to: string }[]
  /** Adopted bindings, which a prune drops only if their addresses are allowed. */
  readonly undecided: readonly string[]
}

/**
 * A binding whose other end is renamed too is kept until that end is deleted, because messages of a delay queue return
 * through it.
 */
function oldBindings(context: PlanContext, from: string, { name }: Queue | Exchange): OldBindings {
  const { mode } = context
  const carries = context.bindingsOf(from).flatMap((binding) => {
    const source = address('exchange', binding.vhost, binding.source)
    const destination = address(binding.destinationType, binding.vhost, binding.destination)
    const other = source === from ? destination : source
    if (context.renamed.has(other)) return []
    const after = {
      ...binding,
      ...(source === from && { source: name }),
      ...(destination === from && { destination: name }),
    }
    const [old, to] = [addressOf('binding', binding), addressOf('binding', after)]
    const isOver = context.stateOf(old) !== undefined && !context.desiredIndex.has('binding', to)
    // A declared binding replaces it without a gap.
    return isOver && !context.slots.isDeclared(after) ? [{ from: old, to }] : []
  })
  if (!mode.prune) return { drops: [], carries, undecided: [] }
  const isAllowed = ({ from: old }: { from: string }) => context.stateOf(old) === 'owned' || mode.allowDelete.has(old)
  return {
    drops: carries.filter(isAllowed).map((each) => each.from),
    carries: carries.filter((each) => !isAllowed(each)),
    undecided: carries.filter((each) => !isAllowed(each)).map((each) => each.from),
  }
}

function blocksOf<K extends FixedKind>(
  context: PlanContext,
  kind: K,
  { at, from, desired }: Renamed<K>,
  before: ObjectOf[K],
): Block[] {
  const foreign = context.foreignOwnerOf(from)
  const unowned = context.ownership !== undefined && context.stateOf(from) === undefined
  return [
    ...(isTaken(context, kind, at) ? ([{ reason: 'rename-both', address: at, from }] as const) : []),
    ...(foreign === undefined ? [] : ([{ reason: 'foreign-owner', address: from, project: foreign }] as const)),
    ...(foreign === undefined && unowned && !context.mode.adopt
      ? ([{ reason: 'not-owned', address: from }] as const)
      : []),
    ...(context.own?.isProtected(from) ? ([{ reason: 'protected', address: from, action: 'rename' }] as const) : []),
    ...stillUsed(context, from, sendersToOne(context, from, NOTHING_GONE)),
    ...(context.live.kindsRead.has('parameter') || context.mode.allowDelete.has(from)
      ? []
      : ([{ reason: 'shovels-unknown', address: at, from }] as const)),
    ...uncountedBlocks(context, kind, from, before.name).map((block): Block => ({ ...block, address: at })),
    ...(kind === 'queue' ? moveBlocks(context, at, before, desired) : []),
  ]
}

/**
 * Whether the new name is taken. An exchange that a stopped run created for its rename belongs to the project; for
 * queues, there is a journal.
 */
function isTaken(context: PlanContext, kind: FixedKind, at: string): boolean {
  return context.liveIndex.has(kind, at) && !(kind === 'exchange' && context.isIntended(at))
}
