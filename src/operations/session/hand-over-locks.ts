import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Live } from '../../broker/live/live.ts'
import type { HandOverLocks } from '../../plan/planned-topology.ts'
import type { Plan } from '../../plan/plan.ts'
import { handOverPartners } from '../../broker/records/hand-over.ts'
import type { Session } from './session.ts'
import { type Locks, takeLocks } from './take-lock.ts'

/** The locks of the projects whose records a hand-over writes. */
export interface HeldHandOverLocks extends HandOverLocks, AsyncDisposable {
  /** Aborted when one of them is lost. */
  readonly lost: AbortSignal
}

/**
 * Takes the locks of all other projects whose records a plan would write in the virtual hosts of the run. Otherwise a
 * concurrent apply of such a project would miss the hand-over. It does not wait for a lock.
 *
 * @returns undefined if the plan writes no such record
 */
export async function lockForHandOver(
  { amqp, there, sharedLocks, forPlan: { unlocked } }: Session,
  { project, ownership }: Pick<Plan, 'project' | 'ownership'>,
  { records, topology }: Pick<Live, 'records' | 'topology'>,
): Promise<HeldHandOverLocks | undefined> {
  const all = records?.ownership ?? []
  const takes = ownership.records.filter(({ take }) => take.length > 0)
  const from = takes.flatMap(({ take }) => take.map((each) => each.from))
  if (from.length === 0 && ownership.unfinished.length === 0) return undefined
  const partners = handOverPartners(project, from, all)
  const exists = new Set(topology.vhosts.map(({ name }) => name))
  const held: Locks[] = []
  const projects = new Set<string>()
  const problems = new Map<string, string>()
  const lock = async (each: string, vhosts: readonly string[]): Promise<void> => {
    const because = unlocked ?? (amqp === undefined ? 'there is no connection over AMQP' : undefined)
    if (because !== undefined || amqp === undefined) return void problems.set(each, because ?? '')
    const locks = await takeLocks(amqp, each, vhosts, sharedLocks).catch((error: unknown) => {
      if (error instanceof WarrenError) return error.message
      throw error
    })
    if (typeof locks === 'string') return void problems.set(each, locks)
    held.push(locks)
    if (locks.missing === undefined) projects.add(each)
    else problems.set(each, locks.missing)
  }
  try {
    // The session already holds the locks of its own project for the files; a former name may have records in other
    // virtual hosts.
    await lock(
      project,
      takes.map(({ vhost }) => vhost).filter((vhost) => exists.has(vhost) && !there.includes(vhost)),
    )
    for (const each of partners) {
      const vhosts = all.filter((record) => record.project === each).map(({ vhost }) => vhost)
      await lock(
        each,
        vhosts.filter((vhost) => exists.has(vhost)),
      )
    }
  } catch (error) {
    await releaseAll(held)
    throw error
  }
  let released: Promise<void> | undefined
  return {
    projects,
    problems,
    lost: AbortSignal.any(held.map(({ lost }) => lost)),
    [Symbol.asyncDispose]: () => (released ??= releaseAll(held)),
  }
}

async function releaseAll(held: readonly Locks[]): Promise<void> {
  await Promise.all(held.map((locks) => locks.release()))
}
