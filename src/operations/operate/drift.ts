import { driftOf, hasDrifted } from '../../plan/drift.ts'
import type { ModeOptions } from '../change/mode-options.ts'
import { plan } from '../change/plan.ts'
import { originalOf, type Planned, secretsOfRun, shownPlan } from '../change/planned.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'

/** The kinds of changes that count as drift. */
export type DriftOptions = Pick<ModeOptions, 'prune' | 'maxDeletes' | 'targets' | 'excludes'>

/** The differences between a broker and the files. */
export interface Drift extends Planned {
  /** Whether it differs. The blocks of the plan are in `plan.blocks`. */
  readonly drifted: boolean
}

/**
 * Compares the broker with the files, as `plan` does, and writes nothing. Objects that the next apply only adopts are
 * not drift. Objects that the project owns and no longer declares are drift only with `prune`.
 *
 * @throws {InvalidInputError} when the files are invalid, even if the broker does not answer
 * @throws {UnreachableError} when the broker cannot be reached
 */
export async function drift(options: TopologyOptions & DriftOptions & BrokerOptions): Promise<Drift> {
  return driftIn(await plan(options))
}

/** The drift in a plan. */
export function driftIn(planned: Planned): Drift {
  const secrets = secretsOfRun(planned.plan)
  const found = shownPlan(driftOf(originalOf(planned.plan), secrets), secrets)
  return { ...planned, plan: found, drifted: hasDrifted(found) }
}
