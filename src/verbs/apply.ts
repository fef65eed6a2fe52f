import { type ApplyOptions as Pace, applyPlan } from '../apply/apply-plan.ts'
import { defaultParallelism } from '../apply/default-parallelism.ts'
import type { Report } from '../apply/report.ts'
import { finding } from '../diagnostics/finding.ts'
import { InvalidInputError } from '../diagnostics/warren-error.ts'
import { ManagementClient } from '../management/client.ts'
import type { Plan } from '../plan/plan.ts'
import { checkWritingRights } from './check-rights.ts'
import type { BrokerOptions, TopologyOptions } from './options.ts'
import { type Planned, type PlannedWithLive, planWith } from './plan.ts'

export interface ApplyOptions extends TopologyOptions, BrokerOptions {
  /** Asked before the first write; false leaves everything as it is. Default: yes. */
  readonly confirm?: (planned: Planned) => Promise<boolean>
  /** How many writes may be under way at once. Default: what the broker's version takes best, 16 from 4.0 on, else 64. */
  readonly parallelism?: number
  /** When aborted, nothing more is begun; what is under way is finished and read back. */
  readonly signal?: AbortSignal
  /** Told as each change ends. */
  readonly onOutcome?: Pace['onOutcome']
}

/** What an apply came to. */
export interface Applied extends Planned {
  /** Why there is no report: the plan was empty, blocked, or not confirmed. */
  readonly stopped?: 'nothing-to-do' | 'blocked' | 'not-confirmed'
  /** What was done; absent when nothing was begun. */
  readonly report?: Report
}

/**
 * Makes the broker what the files say.
 *
 * Nothing is deleted or replaced. A plan that is blocked is not applied, not even in part.
 *
 * @throws {InvalidInputError} when the files are not usable, or a password is missing; nothing is written then
 * @throws {UnreachableError} when the broker cannot be reached before the first write
 */
export async function apply(options: ApplyOptions): Promise<Applied> {
  const client = new ManagementClient(options.connection)
  try {
    return await applyWith(client, options)
  } finally {
    await client.close()
  }
}

async function applyWith(client: ManagementClient, options: ApplyOptions): Promise<Applied> {
  const { live, desired, ...planned } = await planWith(client, options)
  const { plan } = planned
  if (plan.blocks.length > 0) return { ...planned, stopped: 'blocked' }
  requirePasswords({ ...planned, live, desired })
  if (plan.changes.length === 0) return { ...planned, stopped: 'nothing-to-do' }
  checkWritingRights(live, plan)
  if (options.confirm && !(await options.confirm(planned))) return { ...planned, stopped: 'not-confirmed' }
  return { ...planned, report: await applyPlan(client, plan, pace(plan, options)) }
}

function pace({ broker }: Plan, { parallelism, signal, onOutcome }: ApplyOptions): Pace {
  return {
    parallelism: parallelism ?? defaultParallelism(broker.version),
    ...(signal && { signal }),
    ...(onOutcome && { onOutcome }),
  }
}

/** A password that cannot be resolved stops an apply before it begins, at its place in the file. */
function requirePasswords({ desired, sources }: PlannedWithLive): void {
  const missing = desired.topology.users.flatMap(({ name, credential }) => {
    if (credential?.missing === undefined) return []
    const { reference, location } = credential.written ?? {}
    const args = { user: name, missing: credential.missing, ...(reference !== undefined && { reference }) }
    return [finding('secret-missing', args, location)]
  })
  if (missing.length > 0) throw new InvalidInputError(missing, sources)
}
