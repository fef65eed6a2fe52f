import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { readDefinitions, type ReadDefinitions } from '../../broker/live/read-definitions.ts'
import { readDefinitionsFile } from '../../desired/load/read-definitions-file.ts'
import { withoutNotExported } from '../../plan/compare/without-not-exported.ts'
import { makePlan } from '../../plan/make-plan.ts'
import { unreadThatTouch } from '../../plan/ownership/unmanaged-touching.ts'
import type { DefinitionsOptions, TopologyOptions } from '../session/options.ts'
import { takeSnapshot } from '../insight/take-snapshot.ts'
import { lintPlan, type PlanLintOptions, withJudgedNotes } from './lint-plan.ts'
import { surveyOfSnapshot, type UnmanagedOptions } from './survey-of-plan.ts'
import { loadForPlan, type Planned, shownPlan, plannedEnvironment } from './planned.ts'
import { registerTopology } from '../../model/secrets/register-secrets.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'

/**
 * Compares the files with an export of a broker's definitions, without a broker. Objects that the export of this
 * version lacks are not compared, and the plan names them.
 *
 * @throws {InvalidInputError} when the files are invalid, or the file is not a definitions file
 */
export async function planAgainst(
  options: TopologyOptions & DefinitionsOptions & PlanLintOptions & UnmanagedOptions,
): Promise<Planned> {
  const { against: path } = options
  const loaded = await loadForPlan(options)
  const { desired, files, sources } = loaded
  const vhosts = desired.topology.vhosts.map(({ name }) => name)
  const { live, notExported: kinds } = await readFileOf(path, vhosts)
  const { secrets = new SecretRegistry() } = options
  registerTopology(secrets, live.topology)
  const { desired: comparable, notExported } = withoutNotExported(desired.topology, live.topology, kinds)
  const made = {
    ...makePlan({
      project: desired.project,
      files,
      desired: comparable,
      live,
      unread: unreadThatTouch(desired.topology, kinds),
      secrets,
      checksUnchanged: true,
    }),
    ...plannedEnvironment(options),
    against: { path, notExported },
  }
  const plan = await withJudgedNotes(made, loaded, options.rules)
  const survey = options.showUnmanaged === true && {
    survey: surveyOfSnapshot(await takeSnapshot({ from: path, onlyVhosts: vhosts, secrets }), plan, {
      desired: desired.topology,
    }),
  }
  return { plan: shownPlan(plan, secrets), ...(await lintPlan(loaded, plan, options.lint)), sources, ...survey }
}

async function readFileOf(path: string, vhosts: readonly string[]): Promise<ReadDefinitions> {
  const file = await readDefinitionsFile(path)
  const read = 'finding' in file ? file : readDefinitions(file.value, { path, vhosts })
  if ('finding' in read) throw unusable(read.finding)
  return read
}

function unusable(found: Finding): InvalidInputError {
  return new InvalidInputError([found], new Map())
}
