import { address } from '../../model/address.ts'
import type { SlotBinding } from '../../model/binding-slot.ts'
import type { Exchange, ObjectOf, Queue } from '../../model/topology.ts'
import type { PlanContext } from '../plan-context.ts'
import { holdingNameBlocks, moveBlocks, uncountedBlocks } from '../migration/move-blocks.ts'
import { policyKeyOf } from '../../model/policies/policy-keys.ts'
import { whyUnsuitable } from '../migration/unsuitable.ts'
import type { Block } from '../block.ts'
import type { Change, Difference, FixedKind, ReplaceHow } from '../change.ts'
import { impactOf } from './impact.ts'
import type { Step } from './step.ts'
import { vanishingExchanges } from './vanishing-exchanges.ts'

interface Replaced<K extends FixedKind> {
  readonly at: string
  readonly before: ObjectOf[K]
  readonly after: ObjectOf[K]
  readonly differences: readonly Difference[]
  readonly resumes?: true
}

/**
 * Plans a replacement, because RabbitMQ cannot change these properties in place. The user has to decide how: without
 * `--migrate` or `--allow replace` for its address, the change is blocked.
 */
export function planReplace<K extends FixedKind>(context: PlanContext, kind: K, replaced: Replaced<K>): Step {
  const { at, before, after, differences, resumes } = replaced
  const impact = impactOf(context, kind, at)
  const how = resumes ? RESUMED[kind] : decided(context, kind, at, after)
  const change = {
    action: 'replace',
    kind,
    address: at,
    before,
    after,
    differences,
    how,
    impact,
    ...bindsAsOf(context, at),
    ...(resumes && { resumes }),
  } as unknown as Change
  const blocks = blocksOf(context, kind, { ...replaced, how, impact })
  const isSkippable = context.mode.skipUnsuitable === true && how === 'migrate' && resumes !== true
  const notMigrated = isSkippable ? whyUnsuitable(blocks) : undefined
  return notMigrated === undefined ? { address: at, change, blocks } : { address: at, notMigrated }
}

/** The declared bindings that replace the live ones in their slots. */
export function bindsAsOf({ slots }: PlanContext, at: string): { readonly bindsAs?: readonly SlotBinding[] } {
  const bindsAs = slots.declaredOf(at)
  return bindsAs.length === 0 ? {} : { bindsAs }
}

/**
 * A queue is resumed as a migration, even if the stopped run began differently, because a migration keeps all
 * messages.
 */
const RESUMED = { queue: 'migrate', exchange: 'recreate' } as const

function decided(context: PlanContext, kind: FixedKind, at: string, after: Queue | Exchange): ReplaceHow {
  const { migrate, allowReplace } = context.mode
  if (kind === 'queue' && (migrate.has(at) || migrate.has(ladderOf(after) ?? ''))) return 'migrate'
  return allowReplace.has(at) ? 'recreate' : 'undecided'
}

/** The address of the queue whose failed messages a queue holds. It is migrated together with that queue. */
function ladderOf({ vhost, role }: Queue): string | undefined {
  return role === undefined || role.kind === 'publication-delay' ? undefined : address('queue', vhost, role.of)
}

function blocksOf<K extends FixedKind>(
  context: PlanContext,
  kind: K,
  {
    at,
    before,
    after,
    differences,
    how,
    impact,
    resumes,
  }: Replaced<K> & { how: ReplaceHow; impact: ReturnType<typeof impactOf> },
): Block[] {
  // A started replacement is finished: protection cannot restore an object that is already half deleted.
  if (after.protect === true && !resumes) return [{ reason: 'protected', address: at, action: 'replace' }]
  if (how === 'undecided') {
    const properties = differences.map((each) => each.property)
    const migratedWith = kind === 'queue' ? ladderOf(after) : undefined
    return [
      {
        reason: 'needs-replacement',
        address: at,
        kind,
        properties,
        impact,
        ...(migratedWith !== undefined && { migratedWith }),
        ...byPolicy(kind, differences),
      },
    ]
  }
  return [
    ...uncountedBlocks(context, kind, at, before.name, resumes),
    ...(kind === 'queue' && isJournaled(how, after, impact) ? holdingNameBlocks(context, at, before, resumes) : []),
    ...(how === 'migrate' && !resumes ? moveBlocks(context, at, before, after) : []),
    ...(how === 'recreate' && !resumes ? vanishingBlocks(context, at) : []),
  ]
}

/**
 * Finds auto-delete exchanges that the broker would delete while the object is recreated, because its bindings are
 * their last ones.
 */
function vanishingBlocks(context: PlanContext, at: string): Block[] {
  return [...vanishingExchanges(context.live.topology, new Set([at]))].map((exchange) => ({
    reason: 'rebind-deletes-exchange',
    address: at,
    exchange,
  }))
}

/**
 * Whether a stopped run leaves a move in the journal that the next run completes with a holding queue. This applies
 * to a migration, and to replacing a queue with undeclared bindings (`apply/replace/journal-bindings.ts`).
 */
function isJournaled(how: ReplaceHow, { role }: Queue, { undeclaredBindings }: ReturnType<typeof impactOf>): boolean {
  return how === 'migrate' || (undeclaredBindings > 0 && role?.kind !== 'delay')
}

/**
 * The policy keys that would make the replacement unnecessary; undefined unless the live queue lacks all of the
 * arguments.
 */
function byPolicy(kind: FixedKind, differences: readonly Difference[]): { readonly byPolicy?: readonly string[] } {
  if (kind !== 'queue') return {}
  const keys = differences.map((each) =>
    'before' in each || !each.property.startsWith('arguments.')
      ? undefined
      : policyKeyOf(each.property.slice('arguments.'.length)),
  )
  const settable = keys.filter((key) => key !== undefined)
  return settable.length === keys.length && keys.length > 0 ? { byPolicy: settable } : {}
}
