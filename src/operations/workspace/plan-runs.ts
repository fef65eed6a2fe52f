import { WarrenError } from '../../diagnostics/warren-error.ts'
import { digestOfRuns } from '../../plan/saved/digest-of-runs.ts'
import type { PlanLintOptions } from '../change/lint-plan.ts'
import type { ModeOptions } from '../change/mode-options.ts'
import { planInRun, type Planned } from '../change/plan.ts'
import type { UnmanagedOptions } from '../change/survey-of-plan.ts'
import type { BrokerOptions, TopologyOptions } from '../session/options.ts'
import { orderRuns, othersInRun, planInOrder } from './run-order.ts'
import { ownFiles, type ValidRun, validateRuns } from './validate-runs.ts'

/** One of several runs to plan. */
export type PlanRunOptions = TopologyOptions & ModeOptions & PlanLintOptions & UnmanagedOptions & BrokerOptions

/** The plan of one of several runs, or the reason why there is none. */
export interface PlannedRun {
  readonly environment?: string
  readonly project: string
  readonly planned?: Planned
  readonly error?: unknown
}

/** The plans of several runs, in the order of the runs. */
export interface PlannedRuns {
  readonly runs: readonly PlannedRun[]
  /** The digest of all plans; absent if a plan is missing. */
  readonly digest?: string
}

/**
 * Plans several runs. It loads all files before it connects to a broker. If a broker cannot be reached, the other
 * runs are still planned. The objects that one project of an environment declares count as present for the others.
 *
 * @param select the part of a plan that counts. Default: the whole plan
 * @throws {InvalidInputError} when the files of one run are invalid
 * @throws {WarrenError} `INVALID_USAGE` when two runs have the same vhost, project and cluster
 */
export async function planRuns(
  options: readonly PlanRunOptions[],
  select: (planned: Planned) => Planned = (planned) => planned,
): Promise<PlannedRuns> {
  const { validated } = await validateRuns(options)
  return planValidated(options, validated, select)
}

/** Plans runs whose files were checked, in the same order. */
export async function planValidated(
  options: readonly PlanRunOptions[],
  validated: readonly ValidRun[],
  select: (planned: Planned) => Planned,
): Promise<PlannedRuns> {
  const ordered = orderRuns(validated)
  const { attempted } = await planInOrder(ordered, {
    plan: async (index, before) => {
      const [own, valid] = [options[index], validated[index]]
      if (own === undefined || valid === undefined) throw new RangeError(`there is no run ${index}`)
      return select(await planInRun(ownFiles(own, valid), { ...othersInRun(validated, valid), ...before }))
    },
  })
  return summarizeRuns(
    ordered.names.map((name, index) => {
      const each = attempted[index]
      return { ...name, ...(each && ('error' in each ? each : { planned: each.result })) }
    }),
  )
}

/**
 * Computes the common digest of several plans.
 *
 * @throws {WarrenError} `INVALID_USAGE` when two runs have the same vhost, project and cluster
 */
export function summarizeRuns(runs: readonly PlannedRun[]): PlannedRuns {
  refuseSharedVhosts(runs)
  const digested = runs.flatMap(({ planned, ...run }) => (planned ? [{ ...run, digest: planned.plan.digest }] : []))
  return { runs, ...(digested.length === runs.length && { digest: digestOfRuns(digested) }) }
}

/** Two runs for the same vhost and project would delete each other's objects. */
function refuseSharedVhosts(runs: readonly PlannedRun[]): void {
  const seen = new Map<string, ValidRun['environment']>()
  for (const { environment, project, planned } of runs) {
    for (const vhost of planned?.plan.vhosts ?? []) {
      const cluster = planned?.plan.broker.name ?? ''
      const key = JSON.stringify([cluster, project, vhost])
      if (seen.has(key)) {
        throw new WarrenError(
          `the environments ${JSON.stringify(seen.get(key))} and ${JSON.stringify(environment)} both have the vhost ${JSON.stringify(vhost)} of the project ${JSON.stringify(project)} on the cluster ${JSON.stringify(cluster)}`,
          {
            code: 'INVALID_USAGE',
            hint: 'give each of them a different vhost with "vhosts", or a different cluster',
          },
        )
      }
      seen.set(key, environment)
    }
  }
}
