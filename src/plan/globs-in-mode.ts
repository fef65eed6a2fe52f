import { addressOf } from '../model/address.ts'
import { matchesGlob } from '../model/names/matches-glob.ts'
import { type Kind, KINDS, type ObjectOf, objectsOf, type Topology } from '../model/topology.ts'
import type { Change } from './change.ts'
import type { PlanMode } from './plan-mode.ts'

/** The options of a plan that permit steps by address, and accept globs. */
const PERMITS = ['migrate', 'allowReplace', 'allowCreate', 'allowDelete'] as const

export type Permit = (typeof PERMITS)[number]

/** The objects that globs can name. */
export interface GlobTargets {
  readonly desired: Topology
  /** Whether an object may delete itself, so that `--allow create=` applies to it. */
  readonly deletesItself: (kind: Kind, object: ObjectOf[Kind]) => boolean
  /** The addresses that the project owns or has adopted, and the old addresses of renamed objects. */
  readonly deletable: Iterable<string>
}

/** An asterisk in a name, for example in the key of a binding, is percent-encoded in its address. */
export function isGlob(at: string): boolean {
  return at.includes('*')
}

/** Replaces the globs in the options that permit steps by the addresses of the objects to which the option applies. */
export function withoutGlobs(mode: PlanMode, targets: GlobTargets): PlanMode {
  if (!PERMITS.some((permit) => [...mode[permit]].some(isGlob))) return mode
  const expanded = PERMITS.map((permit) => [
    permit,
    new Set([...mode[permit]].flatMap((at) => (isGlob(at) ? matchesOf(permit, at, targets) : [at]))),
  ])
  return {
    ...mode,
    ...(Object.fromEntries(expanded) as Pick<PlanMode, Permit>),
  }
}

/** The addresses of the objects that a glob of an option matches and to which the option applies. */
export function matchesOf(permit: Permit, glob: string, targets: GlobTargets): readonly string[] {
  const declared = NAMED_BY[permit].flatMap((kind) => addressesOf(kind, permit, targets))
  const all = permit === 'allowDelete' ? new Set([...declared, ...targets.deletable]) : declared
  return [...all].filter((at) => matchesGlob(at, glob))
}

/** The kinds of declared objects to which each option applies. A policy may delete messages when it is written. */
const NAMED_BY: { readonly [P in Permit]: readonly Kind[] } = {
  migrate: ['queue'],
  allowReplace: ['queue', 'exchange'],
  allowCreate: KINDS,
  allowDelete: ['policy', 'operator-policy'],
}

function addressesOf<K extends Kind>(kind: K, permit: Permit, { desired, deletesItself }: GlobTargets): string[] {
  return objectsOf(kind, desired).flatMap((object: ObjectOf[K]) => {
    const applies = object.external !== true && (permit !== 'allowCreate' || deletesItself(kind, object))
    return applies ? [addressOf(kind, object)] : []
  })
}

/**
 * The mode that a plan records: instead of globs, the addresses that they permit in this plan. The approval of the
 * plan covers these addresses, and no others that the globs match.
 *
 * @param given the mode with its globs
 */
export function permittedMode(given: PlanMode, changes: readonly Change[], mode: PlanMode): PlanMode {
  if (given === mode) return mode
  const permitted = PERMITS.map((permit) => {
    const exact = [...given[permit]].filter((at) => !isGlob(at))
    const hasGlobs = exact.length < given[permit].size
    return [permit, new Set([...exact, ...(hasGlobs ? changes.flatMap((each) => usedBy(permit, each, mode)) : [])])]
  })
  return {
    ...mode,
    ...(Object.fromEntries(permitted) as Pick<PlanMode, Permit>),
  }
}

/** The addresses for which a change needs or may need an option. */
function usedBy(permit: Permit, change: Change, mode: PlanMode): string[] {
  const { action, address, kind } = change
  switch (permit) {
    case 'migrate':
      // Delay and dead-letter queues are migrated with the queue that a glob names.
      return action === 'replace' && change.how === 'migrate' && change.resumes !== true ? [address] : []
    case 'allowReplace':
      return action === 'replace' && mode.allowReplace.has(address) ? [address] : []
    case 'allowCreate':
      return action === 'create' && mode.allowCreate.has(address) ? [address] : []
    case 'allowDelete': {
      const isPolicy = kind === 'policy' || kind === 'operator-policy'
      const at = action === 'rename' ? change.from : address
      return (action === 'delete' || action === 'rename' || isPolicy) && mode.allowDelete.has(at) ? [at] : []
    }
  }
}
