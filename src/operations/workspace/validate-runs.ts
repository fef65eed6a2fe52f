import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { Desired } from '../../model/desired.ts'
import { validate } from '../files/validate.ts'
import type { TopologyOptions } from '../session/options.ts'

/** What the files of one run ask for. */
export interface ValidRun {
  readonly environment?: string
  readonly desired: Desired
}

/** The runs of a workspace, with the warnings about their files. */
export interface ValidRuns {
  readonly validated: readonly ValidRun[]
  readonly findings: readonly Finding[]
  readonly sources: ReadonlyMap<string, string>
}

/** The files of one run, whether or not they are usable. */
export interface CheckedRun extends Pick<ValidRuns, 'findings' | 'sources'> {
  readonly environment?: string
  /** Absent where the files are not usable. */
  readonly desired?: Desired
}

/** Checks the files of several runs without a broker. */
export async function checkRuns(runs: readonly TopologyOptions[]): Promise<readonly CheckedRun[]> {
  const checked: CheckedRun[] = []
  for (const files of runs) {
    const { desired, findings, sources } = await validate(files)
    const environment = files.inEnvironment?.name
    const name = environment !== undefined && { environment }
    checked.push({ ...name, ...(desired && { desired }), findings, sources })
  }
  return checked
}

/**
 * Puts runs together whose files were checked. A finding that several runs share is reported once.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are not usable
 */
export function requireValid(checked: readonly CheckedRun[]): ValidRuns {
  const findings = checked.flatMap((run) => run.findings)
  const all = [...new Map(findings.map((found) => [JSON.stringify(found), found])).values()]
  const sources = new Map(checked.flatMap((run) => [...run.sources]))
  const validated = checked.flatMap(({ environment, desired }): ValidRun[] =>
    desired === undefined ? [] : [{ ...(environment !== undefined && { environment }), desired }],
  )
  if (validated.length < checked.length) throw new InvalidInputError(all, sources)
  return { validated, findings: all, sources }
}

/**
 * Checks the files of several runs without a broker. A finding that several runs share is reported once.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are not usable
 */
export async function validateRuns(runs: readonly TopologyOptions[]): Promise<ValidRuns> {
  return requireValid(await checkRuns(runs))
}
