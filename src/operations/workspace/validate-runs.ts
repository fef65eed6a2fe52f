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

/**
 * Checks the files of several runs without a broker. A finding that several runs share is reported once.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are not usable
 */
export async function validateRuns(runs: readonly TopologyOptions[]): Promise<ValidRuns> {
  const validated: ValidRun[] = []
  const findings = new Map<string, Finding>()
  const sources = new Map<string, string>()
  for (const files of runs) {
    const loaded = await validate(files)
    for (const found of loaded.findings) findings.set(JSON.stringify(found), found)
    for (const [path, text] of loaded.sources) sources.set(path, text)
    const environment = files.inEnvironment?.name
    if (loaded.desired) validated.push({ ...(environment !== undefined && { environment }), desired: loaded.desired })
  }
  const all = [...findings.values()]
  if (validated.length < runs.length) throw new InvalidInputError(all, sources)
  return { validated, findings: all, sources }
}
