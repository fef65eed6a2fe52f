import { addressOf } from '../model/address.ts'
import { isBuiltInExchange } from '../model/built-in-exchange.ts'
import { KINDS, type Kind, type ObjectOf, objectsOf, type Topology } from '../model/topology.ts'
import { compare } from './compare.ts'
import { digestOf } from './digest.ts'
import { policyKeyOf } from './policy-keys.ts'
import { policyNotes } from './policy-notes.ts'
import type { Block, Change, Difference, Plan, PlannedBroker, PlannedFiles, Unknown } from './plan.ts'
import { type Abilities, unsupportedBy } from './unsupported.ts'

/** What the planner has to know. */
export interface PlanInput {
  readonly project: string
  readonly files: PlannedFiles
  readonly desired: Topology
  readonly live: PlannedTopology
}

/** The live side, as far as the planner needs it. */
export interface PlannedTopology {
  readonly broker: PlannedBroker & Abilities
  readonly topology: Topology
  /** The user that warren logged in with; it is never touched. */
  readonly login: { readonly user: string }
  /** Addresses of queues that belong to others. */
  readonly untouchable: ReadonlySet<string>
  /** Messages by the address of the queue. */
  readonly messages: ReadonlyMap<string, number>
}

/** Compares the live with the desired topology. Pure: no broker, no clock, the same input gives the same plan. */
export function makePlan({ project, files, desired, live }: PlanInput): Plan {
  const steps = KINDS.flatMap((kind) => planKind(kind, desired, live))
  const changes = steps.flatMap(({ change }) => (change ? [change] : [])).toSorted(byScopeKindAndAddress)
  const blocks = [
    ...steps.flatMap((step) => step.blocks),
    ...changes.flatMap((change) => unsupported(live.broker, change)),
  ]
  return {
    format: 1,
    project,
    broker: { name: live.broker.name, version: live.broker.version, url: live.broker.url },
    files,
    changes,
    blocks: blocks.toSorted((a, b) => order(a.address, b.address)),
    unknowns: steps.flatMap(({ unknowns }) => unknowns).toSorted((a, b) => order(a.address, b.address)),
    notes: policyNotes(desired, live.topology),
    unchanged: steps.filter(({ change, blocks }) => change === undefined && blocks.length === 0).length,
    undeclared: countUndeclared(desired, live.topology),
    digest: digestOf(changes),
  }
}

/** What is to be done about one declared object. */
interface Step {
  readonly change?: Change
  readonly blocks: readonly Block[]
  readonly unknowns: readonly Unknown[]
}

function planKind<K extends Kind>(kind: K, desired: Topology, live: PlannedTopology): Step[] {
  const liveByAddress = indexByAddress(kind, live.topology)
  return objectsOf(kind, desired).map((object) => {
    const address = addressOf(kind, object)
    return planObject(kind, address, object, liveByAddress.get(address), live)
  })
}

function planObject<K extends Kind>(
  kind: K,
  address: string,
  desired: ObjectOf[K],
  found: ObjectOf[K] | undefined,
  live: PlannedTopology,
): Step {
  if (isOwnLogin(kind, desired, live)) return blocked({ reason: 'own-login', address })
  if (live.untouchable.has(address)) return blocked({ reason: 'untouchable', address })
  if (desired.external === true) return found === undefined ? blocked({ reason: 'external-missing', address }) : nothing
  if (found === undefined) return create(kind, address, desired)
  const { differences, unknowns } = compare(kind, found, desired)
  const located = unknowns.map((unknown) => ({ address, ...unknown }))
  if (differences.length === 0) return { blocks: [], unknowns: located }
  if (isChangedInPlace(kind)) {
    return {
      change: { action: 'update', kind, address, before: found, after: desired, differences } as unknown as Change,
      blocks: [],
      unknowns: located,
    }
  }
  return replace(kind, address, found, desired, differences, live.messages.get(address))
}

const nothing: Step = { blocks: [], unknowns: [] }

function blocked(block: Block): Step {
  return { blocks: [block], unknowns: [] }
}

function create<K extends Kind>(kind: K, address: string, after: ObjectOf[K]): Step {
  const credential = kind === 'user' ? (after as ObjectOf['user']).credential : undefined
  return {
    change: { action: 'create', kind, address, after } as unknown as Change,
    blocks: [],
    unknowns:
      credential?.missing === undefined
        ? []
        : [
            {
              address,
              property: credential.kind === 'password' ? 'password' : 'passwordHash',
              missing: credential.missing,
            },
          ],
  }
}

function replace<K extends Kind>(
  kind: K,
  address: string,
  before: ObjectOf[K],
  after: ObjectOf[K],
  differences: readonly Difference[],
  messages: number | undefined,
): Step {
  const count = messages === undefined ? {} : { messages }
  return {
    change: { action: 'replace', kind, address, before, after, differences, ...count } as unknown as Change,
    blocks: [
      {
        reason: 'needs-replacement',
        address,
        properties: differences.map((each) => each.property),
        ...count,
        ...byPolicy(kind, differences),
      },
    ],
    unknowns: [],
  }
}

/** The policy keys that would do instead of a replacement, where the live queue lacks all of the arguments. */
function byPolicy(kind: Kind, differences: readonly Difference[]): { readonly byPolicy?: readonly string[] } {
  if (kind !== 'queue') return {}
  const keys = differences.map((each) =>
    'before' in each || !each.property.startsWith('arguments.')
      ? undefined
      : policyKeyOf(each.property.slice('arguments.'.length)),
  )
  const settable = keys.filter((key) => key !== undefined)
  return settable.length === keys.length ? { byPolicy: settable } : {}
}

function unsupported(broker: Abilities, change: Change): Block[] {
  const what = unsupportedBy(broker, change)
  return what === undefined ? [] : [{ reason: 'unsupported', address: change.address, what }]
}

/** Exchanges and queues cannot be changed once they are declared; everything else can. */
function isChangedInPlace(kind: Kind): boolean {
  return kind !== 'exchange' && kind !== 'queue'
}

/** A run that changed its own login could lock itself out half-way. */
function isOwnLogin(kind: Kind, object: ObjectOf[Kind], live: PlannedTopology): boolean {
  switch (kind) {
    case 'user':
      return (object as ObjectOf['user']).name === live.login.user
    case 'permission':
    case 'topic-permission':
      return (object as ObjectOf['permission']).user === live.login.user
    case 'vhost':
    case 'exchange':
    case 'policy':
    case 'operator-policy':
    case 'queue':
    case 'binding':
    case 'parameter':
    case 'global-parameter':
      return false
  }
}

function indexByAddress<K extends Kind>(kind: K, topology: Topology): Map<string, ObjectOf[K]> {
  return new Map(objectsOf(kind, topology).map((object) => [addressOf(kind, object), object]))
}

/** Counts what the vhosts of this run hold beside the declared objects; the broker's own exchanges are not counted. */
function countUndeclared(desired: Topology, live: Topology): number {
  const vhosts = new Set(desired.vhosts.map(({ name }) => name))
  const count = <K extends 'exchange' | 'queue' | 'binding'>(kind: K, counts: (object: ObjectOf[K]) => boolean) => {
    const declared = indexByAddress(kind, desired)
    return objectsOf(kind, live).filter(
      (object) => vhosts.has(object.vhost) && counts(object) && !declared.has(addressOf(kind, object)),
    ).length
  }
  return (
    count('exchange', ({ name }) => !isBuiltInExchange(name)) +
    count('queue', () => true) +
    count('binding', () => true)
  )
}

function byScopeKindAndAddress(a: Change, b: Change): number {
  return order(vhostOf(a), vhostOf(b)) || KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || order(a.address, b.address)
}

/** The vhost that a change is shown under; users belong to none and come last. */
export function vhostOf(change: Change): string | undefined {
  switch (change.kind) {
    case 'vhost':
      return change.after.name
    case 'user':
    case 'global-parameter':
      return undefined
    case 'permission':
    case 'exchange':
    case 'topic-permission':
    case 'policy':
    case 'operator-policy':
    case 'queue':
    case 'binding':
    case 'parameter':
      return change.after.vhost
  }
}

function order(a: string | undefined, b: string | undefined): number {
  if (a === b) return 0
  if (a === undefined) return 1
  if (b === undefined) return -1
  return a < b ? -1 : 1
}
