import { NO_SETTINGS } from '../../insight/lint/lint-settings.ts'
import { NEWEST_VERSION } from '../../model/broker-version.ts'
import { lintDesired, type Linted, type LintRunOptions } from '../insight/lint.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { loadRuns, otherProjects, requireValid } from './validate-runs.ts'

/** Several runs to lint, and the settings of rules. */
export interface LintRunsOptions extends LintRunOptions {
  readonly runs: readonly TopologyOptions[]
  /**
   * The registry for the secrets of the runs. Default: a new one.
   *
   * @internal for the command line, which masks its own outputs
   */
  readonly secrets?: SecretRegistry
}

/** The results of the rules about one of several runs. */
export interface LintedRun extends Linted {
  /** Absent if there is none. */
  readonly environment?: string
}

/**
 * Lints the files of several runs, in the order of the runs. Rules see the virtual hosts of all projects of an
 * environment together, including queues that another project binds or consumes.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are invalid
 */
export async function lintRuns(options: LintRunsOptions): Promise<readonly LintedRun[]> {
  return withMaskedResult(
    options,
    async ({ runs, settings = NO_SETTINGS, brokerVersion = NEWEST_VERSION, secrets }) => {
      const loaded = await loadRuns(runs.map((run) => ({ ...run, secrets })))
      requireValid(loaded)
      return loaded.flatMap((run): LintedRun[] => {
        const { desired, findings, sources, environment } = run
        if (desired === undefined) return []
        const others = otherProjects(loaded, run)
        const judged = lintDesired({ desired, findings, sources }, settings, brokerVersion, others)
        const { project } = desired
        return [{ ...judged, project, sources, ...(environment !== undefined && { environment }) }]
      })
    },
  )
}
