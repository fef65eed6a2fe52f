import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { Desired } from '../../model/desired.ts'
import { validate } from '../files/validate.ts'
import type { TopologyOptions } from '../session/options.ts'

/** What the files of one run ask for. */
export interface ValidRun {
  readonly environment?: string
  readonly desired: Desired
  /** The part of `--vhost` that is about the files of this run, where that is not all of it. */
  readonly vhosts?: Readonly<Record<string, string>>
}

/** The runs of a workspace, with the warnings about their files. */
export interface ValidRuns {
  readonly validated: readonly ValidRun[]
  readonly findings: readonly Finding[]
  readonly sources: ReadonlyMap<string, string>
}

/** The files of one run, whether or not they are usable. */
export interface CheckedRun extends Pick<ValidRuns, 'findings' | 'sources'>, Pick<ValidRun, 'vhosts'> {
  readonly environment?: string
  /** Absent where the files are not usable. */
  readonly desired?: Desired
}

/** Checks the files of several runs without a broker. A vhost that `--vhost` maps has to be described in one of them only. */
export async function checkRuns(runs: readonly TopologyOptions[]): Promise<readonly CheckedRun[]> {
  const checked: CheckedRun[] = []
  for (const files of runs) checked.push(await checkRun(files))
  const known = new Set(
    runs.flatMap(({ vhosts = {} }, index) => {
      const unknown = unknownMappings(checked[index])
      return Object.keys(vhosts).filter((from) => !unknown.has(from))
    }),
  )
  for (const [index, files] of runs.entries()) {
    const unknown = unknownMappings(checked[index])
    if (![...unknown].some((from) => known.has(from))) continue
    const vhosts = withoutKeys(files.vhosts ?? {}, (from) => unknown.has(from) && known.has(from))
    checked[index] = { ...(await checkRun({ ...files, vhosts })), vhosts }
  }
  return checked
}

async function checkRun(files: TopologyOptions): Promise<CheckedRun> {
  const { desired, findings, sources } = await validate(files)
  const environment = files.inEnvironment?.name
  return { ...(environment !== undefined && { environment }), ...(desired && { desired }), findings, sources }
}

/** What `--vhost` maps although no document of a run describes it. */
function unknownMappings(checked: CheckedRun | undefined): ReadonlySet<string> {
  return new Set(
    checked?.findings.flatMap((found) => (found.code === 'vhost-mapping-unknown' ? [found.args.from] : [])),
  )
}

function withoutKeys(
  vhosts: Readonly<Record<string, string>>,
  isLeftOut: (from: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(vhosts).filter(([from]) => !isLeftOut(from)))
}

/**
 * Puts runs together whose files were checked. A finding that several runs share is reported once.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are not usable
 */
export function requireValid(checked: readonly CheckedRun[]): ValidRuns {
  const findings = checked.flatMap((run) => run.findings)
  const all = withoutRepeated(findings)
  const sources = new Map(checked.flatMap((run) => [...run.sources]))
  const validated = checked.flatMap(({ environment, desired, vhosts }): ValidRun[] =>
    desired === undefined
      ? []
      : [{ ...(environment !== undefined && { environment }), desired, ...(vhosts && { vhosts }) }],
  )
  if (validated.length < checked.length) throw new InvalidInputError(all, sources)
  return { validated, findings: all, sources }
}

/** A vhost that no document describes may resemble one of some runs only, which the finding then suggests. */
function withoutRepeated(findings: readonly Finding[]): readonly Finding[] {
  const distinct = new Map<string, Finding>()
  for (const found of findings) {
    const isMapping = found.code === 'vhost-mapping-unknown'
    const key = isMapping ? JSON.stringify([found.code, found.args.from]) : JSON.stringify(found)
    if (!isMapping || found.args.suggestion !== undefined || !distinct.has(key)) distinct.set(key, found)
  }
  return [...distinct.values()]
}

/**
 * Checks the files of several runs without a broker. A finding that several runs share is reported once.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are not usable
 */
export async function validateRuns(runs: readonly TopologyOptions[]): Promise<ValidRuns> {
  return requireValid(await checkRuns(runs))
}

/** The options of one of several runs, with the part of `--vhost` that is about its files. */
export function ownFiles<T extends TopologyOptions>(options: T, { vhosts }: ValidRun): T {
  return vhosts === undefined ? options : { ...options, vhosts }
}
