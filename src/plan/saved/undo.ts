import { addressOf } from '../../model/address.ts'
import { containsCredentials } from '../../model/secrets/mask-credentials.ts'
import { containsSecret } from '../../model/secrets/mask-data.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { Binding, Kind, Topology } from '../../model/topology.ts'
import { compare } from '../compare/compare.ts'
import { digestOf } from './digest.ts'
import type { Change, RebindChange } from '../change.ts'
import type { Plan } from '../plan.ts'
import type { PlannedMode } from '../plan-mode.ts'
import { DEFAULT_MODE, plannedMode } from '../plan-mode.ts'
import { portablePlan } from './portable-plan.ts'
import { type AskOwner, bindToLive, type BoundPlan } from './saved-plan.ts'
import { subjectOf } from '../steps/subject.ts'
import { ownersNotBroughtBack } from './undo-ownership.ts'
import type { OwnershipChanges } from '../ownership/ownership-changes.ts'
import { TopologyIndex } from '../topology-index.ts'

/** A plan that reverses an apply, and a list of what it cannot restore. */
export interface UndoPlan extends BoundPlan {
  readonly cannotBringBack: readonly string[]
}

interface Inverse {
  readonly changes: readonly Change[]
  readonly lost: readonly string[]
}

/**
 * Makes a plan that reverses the actual changes, bound to the state of the broker afterwards.
 *
 * @param plan the applied plan
 * @param done addresses of the executed changes
 * @param live the broker afterwards
 * @param secrets the secrets of the run, which are never saved. If a declared value is one, the previous live value
 *   counts as a secret too
 * @param ownerOf the owners afterwards
 * @param owners how owners were changed in addition to created and deleted objects
 */
export function undoOf(
  plan: Plan,
  done: ReadonlySet<string>,
  live: Topology,
  secrets = new SecretRegistry(),
  ownerOf?: AskOwner,
  owners?: OwnershipChanges,
): UndoPlan {
  const found = new TopologyIndex(live)
  const isSecret: IsSecret = (...values) =>
    values.some((value) => containsCredentials(value) || containsSecret(withoutPlace(value), secrets))
  const made = madeBindings(plan, done)
  const inverses = plan.changes
    .filter(({ address }) => done.has(address))
    .map(
      (change) =>
        (ownerOf?.(change.address) === 'protected' ? keptOf(change) : undefined) ??
        inverseOf(change, found, made, isSecret),
    )
  const changes = inverses.flatMap((each) => each.changes)
  const { unlocked: _unlocked, rights: _rights, notCompared: _notCompared, consumers: _consumers, ...rest } = plan
  const undo: Plan = {
    ...rest,
    mode: modeOf(changes),
    ownership: { state: plan.ownership.state, adopts: [], unrecorded: [], elsewhere: [], unfinished: [], records: [] },
    changes,
    blocks: [],
    unknowns: [],
    notes: [],
    kept: [],
    unchanged: 0,
    prunable: 0,
    undeclared: 0,
    digest: '',
  }
  const digest = digestOf(portablePlan(undo, secrets))
  const lost = [...inverses.flatMap((each) => each.lost), ...ownersNotBroughtBack(plan.project, owners)]
  return { ...bindToLive({ ...undo, digest }, live, ownerOf), cannotBringBack: lost }
}

/** An undo replaces an object with the same method as the applied plan. */
function modeOf(changes: readonly Change[]): PlannedMode {
  const replaced = changes.filter(({ action }) => action === 'replace')
  const at = (kind: Kind) => new Set(replaced.filter((each) => each.kind === kind).map(({ address }) => address))
  return plannedMode({ ...DEFAULT_MODE, allowReplace: at('exchange'), migrate: at('queue'), rebind: at('binding') })
}

/** Whether one of these objects contains a value that must not be saved. */
type IsSecret = (...objects: readonly unknown[]) => boolean

type Created = Extract<Change, { action: 'create' }>

const NOTHING: Inverse = { changes: [], lost: [] }

/**
 * The bindings that the apply created, so that the undo deletes them too. Any other binding stops the deletion of its
 * queue.
 */
function madeBindings(plan: Plan, done: ReadonlySet<string>): readonly (Binding & { readonly address: string })[] {
  return plan.changes.flatMap((change) =>
    change.kind === 'binding' && change.action === 'create' && done.has(change.address)
      ? [{ ...change.after, address: change.address }]
      : [],
  )
}

/** A protected object is not deleted, not even by an undo. */
function keptOf({ action, address }: Change): Inverse | undefined {
  return action === 'create' ? { changes: [], lost: [`${address}, which is kept: it is protected`] } : undefined
}

function inverseOf(
  change: Change,
  found: TopologyIndex,
  made: ReturnType<typeof madeBindings>,
  isSecret: IsSecret,
): Inverse {
  const now = found.get(change.kind, change.address)
  switch (change.action) {
    case 'create':
      if (now === undefined) return NOTHING
      // Other clients may have created objects in it before the undo.
      if (change.kind === 'vhost')
        return { changes: [], lost: [`${change.address}, which is kept: everything in it would be deleted with it`] }
      return { changes: [deletion(change, now, made)], lost: [] }
    case 'delete':
      return bringBack(change, isSecret)
    case 'update':
      return now === undefined ? NOTHING : changeBack(change, now, isSecret)
    case 'replace': {
      if (change.kind === 'binding') return now === undefined ? NOTHING : bindBack(change, now as Binding)
      const { kind, address, before, after, differences } = change
      if (isSecret(before, after)) return { changes: [], lost: [lostValue(address)] }
      const back = { action: 'replace', kind, address, before: now, after: before, differences: swapped(differences) }
      const how = kind === 'queue' ? 'migrate' : 'recreate'
      const lost = change.how === 'recreate' && kind === 'queue' ? [`the messages that ${address} had`] : []
      return { changes: [{ ...back, how } as unknown as Change], lost }
    }
    case 'rename': {
      const { kind, address, from, before, after } = change
      if (isSecret(before, after)) return { changes: [], lost: [lostValue(address)] }
      const back = { action: 'rename', kind, address: from, from: address, before: now, after: before }
      return { changes: [back as unknown as Change], lost: [] }
    }
  }
}

/** The binding is restored. Another one in the same slot had no effect, and is not restored. */
function bindBack(change: RebindChange, now: Binding): Inverse {
  const { address, before, differences, unbinds } = change
  const old = addressOf('binding', before)
  const lost = unbinds
    .map((each) => addressOf('binding', each))
    .filter((at) => at !== old && at !== address)
    .map((at) => `${at}, by which RabbitMQ did not route in addition to ${old}`)
  if (old === address) return { changes: [], lost }
  const back: RebindChange = {
    ...change,
    address: old,
    before: now,
    after: before,
    differences: swapped(differences),
    unbinds: [now],
  }
  return { changes: [back], lost }
}

function deletion({ kind, address, after }: Created, now: unknown, made: ReturnType<typeof madeBindings>): Change {
  if (kind !== 'queue' && kind !== 'exchange')
    return { action: 'delete', kind, address, before: now } as unknown as Change
  const { vhost, name } = after
  const bindings = made
    .filter((each) => each.vhost === vhost)
    .filter(
      (each) =>
        (each.destinationType === kind && each.destination === name) || (kind === 'exchange' && each.source === name),
    )
    .map((each) => each.address)
    .toSorted()
  const impact = { impact: { bindings, undeclaredBindings: 0 } }
  return { action: 'delete', kind, address, before: now, ...impact } as unknown as Change
}

function bringBack(change: Extract<Change, { action: 'delete' }>, isSecret: IsSecret): Inverse {
  const { kind, object } = subjectOf(change)
  if (kind !== 'user' && isSecret(object)) {
    return { changes: [], lost: [`${change.address}, because it contains a secret`] }
  }
  const after = kind === 'user' ? withoutCredential(object) : object
  const create = { action: 'create', kind, address: change.address, after } as unknown as Change
  const lost =
    kind === 'user'
      ? [`the password of ${change.address}`]
      : kind === 'queue' && (change.impact?.messages ?? 0) > 0
        ? [`the messages that ${change.address} had`]
        : kind === 'vhost'
          ? [`all that was in ${change.address}`]
          : []
  return { changes: [create], lost }
}

function changeBack(change: Extract<Change, { action: 'update' }>, now: unknown, isSecret: IsSecret): Inverse {
  const { kind, address } = change
  const secretChanged = change.differences.some((each) => 'secret' in each)
  const before = kind === 'user' ? withoutCredential(change.before) : change.before
  if (kind !== 'user' && (secretChanged || isSecret(before, change.after))) {
    return { changes: [], lost: [lostValue(address)] }
  }
  const { differences } = compare(kind, now as never, before as never)
  const back = { action: 'update', kind, address, before: now, after: before, differences } as unknown as Change
  return {
    changes: differences.length === 0 ? [] : [back],
    lost: secretChanged ? [`the password that ${address} had`] : [],
  }
}

function swapped(differences: Extract<Change, { action: 'replace' }>['differences']) {
  return differences.map((each) => {
    if ('secret' in each) return each
    const { property, before, after } = each
    return { property, ...(after !== undefined && { before: after }), ...(before !== undefined && { after: before }) }
  })
}

function withoutCredential<T extends object>(user: T): T {
  return Object.fromEntries(Object.entries(user).filter(([property]) => property !== 'credential')) as T
}

function lostValue(address: string): string {
  return `the value that ${address} had, because it contains a secret`
}

/** The position of an object in the files is not one of its values. */
function withoutPlace(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).filter(([property]) => property !== 'origin' && property !== 'references'),
  )
}
