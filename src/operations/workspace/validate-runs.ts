import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { Desired } from '../../model/desired.ts'
import { judged, loadFiles } from '../files/load-files.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

/** Options that name virtual hosts and variables. The files of at least one run have to contain each name. */
const NAMING_OPTIONS = ['vhosts', 'variables'] as const

/** The desired state of one run. */
export interface ValidRun {
  readonly environment?: string
  readonly desired: Desired
  /** The values of `--vhost` and `--var` that concern the files of this run, if these are not all values. */
  readonly ownOptions?: Pick<TopologyOptions, 'vhosts' | 'variables'>
}

/** The runs of a workspace, with the warnings about their files. */
export interface ValidRuns {
  readonly validated: readonly ValidRun[]
  readonly findings: readonly Finding[]
  readonly sources: ReadonlyMap<string, string>
}

/** The files of one run, valid or not. */
export interface CheckedRun extends Pick<ValidRuns, 'findings' | 'sources'>, Pick<ValidRun, 'ownOptions'> {
  readonly environment?: string
  /** Absent if the files are invalid. */
  readonly desired?: Desired
}

/**
 * Checks the files of several runs without a broker. A warning is reported only if it applies to the virtual hosts of
 * all runs together.
 */
export async function checkRuns(runs: readonly TopologyOptions[]): Promise<readonly CheckedRun[]> {
  const loaded = await loadRuns(runs)
  return Promise.all(
    loaded.map(async (run, index) => ({
      ...run,
      findings: await judged(run, runs[index]?.rules, otherProjects(loaded, run)),
    })),
  )
}

/**
 * Loads the files of several runs, with all warnings about them. At least one run has to describe each vhost of
 * `--vhost` and use each variable of `--var`.
 */
export async function loadRuns(runs: readonly TopologyOptions[]): Promise<readonly CheckedRun[]> {
  const checked: CheckedRun[] = []
  for (const files of runs) checked.push(await loadRun(files))
  for (const option of NAMING_OPTIONS) {
    const unknownIn = (run: CheckedRun | undefined) =>
      new Set(run?.findings.flatMap((found) => unknownName(found)[option] ?? []))
    const known = new Set(
      runs.flatMap((files, index) => {
        const unknown = unknownIn(checked[index])
        return Object.keys(files[option] ?? {}).filter((name) => !unknown.has(name))
      }),
    )
    for (const [index, files] of runs.entries()) {
      const unknown = unknownIn(checked[index])
      if (![...unknown].some((name) => known.has(name))) continue
      const own = withoutKeys(files[option] ?? {}, (name) => unknown.has(name) && known.has(name))
      const ownOptions = { ...checked[index]?.ownOptions, [option]: own }
      checked[index] = { ...(await loadRun({ ...files, ...ownOptions })), ownOptions }
    }
  }
  return checked
}

/** The other projects in the environment of a run. */
export function otherProjects(runs: readonly CheckedRun[], run: CheckedRun): readonly Desired[] {
  return runs.flatMap((each) =>
    each !== run && each.environment === run.environment && each.desired ? [each.desired] : [],
  )
}

async function loadRun(files: TopologyOptions): Promise<CheckedRun> {
  const { desired, unjudged: findings, sources } = await withSecrets(files, (own) => loadFiles(own))
  const environment = files.inEnvironment?.name
  return { ...(environment !== undefined && { environment }), ...(desired && { desired }), findings, sources }
}

/** The name in an option that the files of a run do not contain. */
function unknownName(found: Finding): Readonly<Partial<Record<(typeof NAMING_OPTIONS)[number], string>>> {
  if (found.code === 'vhost-mapping-unknown') return { vhosts: found.args.from }
  return found.code === 'variable-unused' ? { variables: found.args.name } : {}
}

function withoutKeys(
  table: Readonly<Record<string, string>>,
  isLeftOut: (key: string) => boolean,
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(table).filter(([key]) => !isLeftOut(key)))
}

/**
 * Combines runs whose files were checked. A finding that several runs share is reported once.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are invalid
 */
export function requireValid(checked: readonly CheckedRun[]): ValidRuns {
  const findings = checked.flatMap((run) => run.findings)
  const all = withoutRepeated(findings)
  const sources = new Map(checked.flatMap((run) => [...run.sources]))
  const validated = checked.flatMap(({ environment, desired, ownOptions }): ValidRun[] =>
    desired === undefined
      ? []
      : [{ ...(environment !== undefined && { environment }), desired, ...(ownOptions && { ownOptions }) }],
  )
  if (validated.length < checked.length) throw new InvalidInputError(all, sources)
  return { validated, findings: all, sources }
}

/** A name in an option may resemble a name in only some of the runs; the finding then suggests that name. */
function withoutRepeated(findings: readonly Finding[]): readonly Finding[] {
  const distinct = new Map<string, Finding>()
  for (const found of findings) {
    const isNamed = found.code === 'vhost-mapping-unknown' || found.code === 'variable-unused'
    const key = JSON.stringify(isNamed ? [found.code, unknownName(found)] : found)
    if (!isNamed || found.args.suggestion !== undefined || !distinct.has(key)) distinct.set(key, found)
  }
  return [...distinct.values()]
}

/**
 * Checks the files of several runs without a broker. A finding that several runs share is reported once.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are invalid
 */
export async function validateRuns(runs: readonly TopologyOptions[]): Promise<ValidRuns> {
  return requireValid(await checkRuns(runs))
}

/** The options of one of several runs, with the values of `--vhost` and `--var` that concern its files. */
export function ownFiles<T extends TopologyOptions>(options: T, { ownOptions }: Pick<ValidRun, 'ownOptions'>): T {
  return { ...options, ...ownOptions }
}

/**
 * The options of several runs, each with the values of `--vhost` and `--var` that concern its files. Reads the files
 * only if the values may differ between runs.
 *
 * @throws {InvalidInputError} with the findings of all runs when the files of one are not usable then
 */
export async function ownFilesOf<T extends TopologyOptions>(runs: readonly T[]): Promise<readonly T[]> {
  const isAlike = runs.every(({ vhosts = {}, variables = {} }) => Object.keys({ ...vhosts, ...variables }).length === 0)
  if (runs.length < 2 || isAlike) return runs
  const checked = await checkRuns(runs)
  requireValid(checked)
  return runs.map((options, index) => ownFiles(options, checked[index] ?? {}))
}
