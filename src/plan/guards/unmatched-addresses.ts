import { matchesGlob } from '../../model/names/matches-glob.ts'
import { address } from '../../model/address.ts'
import { suggestAddress } from '../../model/names/given-address.ts'
import type { Kind } from '../../model/topology.ts'
import { deletesItself } from '../steps/deletes-itself.ts'
import { isGlob, matchesOf, type Permit } from '../globs-in-mode.ts'
import type { PlanContext } from '../plan-context.ts'
import type { Block } from '../block.ts'
import type { Note } from '../note.ts'
import type { Step } from '../steps/step.ts'
import { namesOf } from './targets.ts'

type Problem = NonNullable<Extract<Block, { reason: 'unmatched-address' }>['problem']>

/**
 * Lists addresses without `*` in options that the plan cannot use. A misspelled address would empty the plan, keep or
 * delete the wrong object, or have no effect although the user relies on it.
 *
 * An address whose object needs no change any more is not a mistake, because the same command may be run again. The
 * same applies to the target of a prune, which may already be deleted, and to one of several globs without a match.
 * Notes name these.
 */
export function unmatchedAddresses(context: PlanContext, steps: readonly Step[]): Block[] {
  const { targets, excludes, prune, destroy, migrate, allowReplace, allowDelete, allowCreate } = context.given
  const known = new Set(steps.flatMap(namesOf))
  const unknown = (option: string, globs: readonly string[]) =>
    globs
      .filter((glob) => !isGlob(glob) && !known.has(glob))
      .map((glob) => block(`${option} ${glob}`, undefined, suggestAddress(glob, [...known])))
  // If no target matches anything, the plan would do nothing and report success.
  const idle = targets.some((glob) => matchesSome(glob, known)) ? [] : targets.filter(isGlob)
  const unusable = (option: string, addresses: Iterable<string>, problemOf: (at: string) => Problem | undefined) =>
    [...addresses].flatMap((at) => {
      const problem = isGlob(at) ? undefined : problemOf(at)
      if (problem === undefined) return []
      return [block(`${option}${at}`, problem, problem.kind === 'missing' ? suggestAddress(at, [...known]) : undefined)]
    })
  const unmatched = [
    ...unknown('--target', prune || destroy ? [] : targets),
    ...(prune || destroy ? [] : idle.map((glob) => block(`--target ${glob}`, { kind: 'no-match' }))),
    ...unusable('--target ', prune || destroy ? targets.filter((at) => !isGlob(at)) : [], (at) =>
      known.has(at) ? undefined : deleteProblem(context, known, at),
    ),
    ...unknown('--exclude', excludes),
    ...unusable('--migrate ', migrate, (at) => replaceProblem(context, known, at)),
    ...unusable('--allow replace=', allowReplace, (at) => replaceProblem(context, known, at)),
    ...unusable('--allow create=', allowCreate, (at) => createProblem(context, at)),
    ...unusable('--allow delete=', allowDelete, (at) => deleteProblem(context, known, at)),
    ...idlePermits(context)
      .filter(({ isNote }) => !isNote)
      .map(({ option }) => block(option, { kind: 'no-match' })),
  ]
  return unmatched.filter((each) => context.live.matchedElsewhere?.has(each.address) !== true)
}

/** Addresses in `--allow delete=`, or targets of a prune, that do not exist. */
export function absentDeletes({ desiredIndex, liveIndex, own, mode }: PlanContext, steps: readonly Step[]): Note[] {
  const known = new Set(steps.flatMap(namesOf))
  const targets = mode.prune || mode.destroy ? mode.targets : []
  const addresses = [...new Set([...mode.allowDelete, ...targets])].filter(
    (at) =>
      !known.has(at) && !isGlob(at) && own?.stateOf(at) === undefined && !desiredIndex.find(at) && !liveIndex.find(at),
  )
  return addresses.length === 0 ? [] : [{ note: 'nothing-to-delete', addresses: addresses.toSorted() }]
}

/** Globs that match nothing in a plan that is still usable. */
export function idleGlobs(context: PlanContext, steps: readonly Step[]): Note[] {
  const { mode } = context
  const known = new Set(steps.flatMap(namesOf))
  const idle = (option: string, globs: readonly string[]) =>
    globs.filter((glob) => isGlob(glob) && !matchesSome(glob, known)).map((glob) => `${option} ${glob}`)
  // A plan whose targets match nothing is blocked, unless an earlier run may have deleted them.
  const isUsable = mode.prune || mode.destroy || mode.targets.some((each) => matchesSome(each, known))
  const options = [
    ...(isUsable ? idle('--target', mode.targets) : []),
    ...idle('--exclude', mode.excludes),
    ...idlePermits(context).flatMap(({ option, isNote }) => (isNote ? [option] : [])),
  ]
  return options.length === 0 ? [] : [{ note: 'nothing-matches', options, addresses: [] }]
}

const OPTION_OF: { readonly [P in Permit]: string } = {
  migrate: '--migrate ',
  allowReplace: '--allow replace=',
  allowCreate: '--allow create=',
  allowDelete: '--allow delete=',
}

/**
 * Globs of `--migrate` and `--allow` that match no object to which the option applies. An earlier run of a prune may
 * have deleted the objects, so that is only noted.
 */
function idlePermits({ given, globTargets }: PlanContext): { readonly option: string; readonly isNote: boolean }[] {
  const deletes = given.prune || given.destroy
  return (Object.keys(OPTION_OF) as Permit[]).flatMap((permit) =>
    [...given[permit]]
      .filter((at) => isGlob(at) && matchesOf(permit, at, globTargets).length === 0)
      .map((glob) => ({ option: `${OPTION_OF[permit]}${glob}`, isNote: deletes && permit === 'allowDelete' })),
  )
}

function matchesSome(glob: string, known: ReadonlySet<string>): boolean {
  return isGlob(glob) ? [...known].some((each) => matchesGlob(each, glob)) : known.has(glob)
}

function block(option: string, problem?: Problem, nearest?: string): Block {
  return {
    reason: 'unmatched-address',
    address: option,
    ...(problem && { problem }),
    ...(nearest !== undefined && { nearest }),
  }
}

const REPLACEABLE: ReadonlySet<Kind> = new Set(['queue', 'exchange'])

function replaceProblem(
  { desiredIndex, liveIndex }: PlanContext,
  known: ReadonlySet<string>,
  at: string,
): Problem | undefined {
  const subject = desiredIndex.find(at) ?? liveIndex.find(at)
  if (subject !== undefined && !REPLACEABLE.has(subject.kind)) return { kind: 'not-replaceable' }
  const declared = desiredIndex.find(at)
  if (declared === undefined) return known.has(at) ? undefined : { kind: subject ? 'not-declared' : 'missing' }
  return declared.object.external === true ? { kind: 'external' } : undefined
}

/** An object that never deletes itself needs no permission, so another object was probably meant. */
function createProblem({ desiredIndex, liveIndex, winners }: PlanContext, at: string): Problem | undefined {
  const declared = desiredIndex.find(at)
  if (declared === undefined) return { kind: liveIndex.find(at) ? 'not-declared' : 'missing' }
  if (declared.object.external === true) return { kind: 'external' }
  return deletesItself(declared.kind, declared.object, winners) === undefined
    ? { kind: 'not-self-deleting' }
    : undefined
}

function deleteProblem(context: PlanContext, known: ReadonlySet<string>, at: string): Problem | undefined {
  const { desiredIndex, liveIndex, own, ownership } = context
  const declared = desiredIndex.find(at)
  if (own?.stateOf(at) !== undefined && declared?.object.external !== true) return undefined
  if (declared?.object.external === true) return { kind: 'external' }
  if (declared?.kind === 'vhost' && !declared.object.claimed) return { kind: 'vhost-not-managed' }
  // Only a destroy deletes declared objects. A prune has nothing to do for it, and the same command may be run again.
  if (declared !== undefined || known.has(at)) return undefined
  if (isVhostWithRecord(context, at)) return undefined
  // An earlier run may have deleted it, and the same command may be run again: `absentDeletes` notes it.
  if (!liveIndex.find(at)) return undefined
  // Without the records, the owners are unknown, and the plan says so.
  if (ownership === undefined) return undefined
  const project = context.foreignOwnerOf(at)
  return { kind: 'not-owned', ...(project !== undefined && { project }) }
}

/** A virtual host that no file names, in which the project still owns objects. */
function isVhostWithRecord({ ownership }: PlanContext, at: string): boolean {
  return [...(ownership?.own.keys() ?? [])].some((vhost) => address('vhost', vhost) === at)
}
