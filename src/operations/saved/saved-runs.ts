import { join } from 'node:path'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { readJsonFile } from '../../desired/load/read-json-file.ts'
import { digestOfRuns } from '../../plan/saved/digest-of-runs.ts'
import type { SavedPlan } from '../../plan/saved/saved-plan.ts'
import { show } from '../change/show.ts'
import type { PlannedRun } from '../workspace/plan-runs.ts'
import { formatSavedPlan, undoPlan, type UndoOptions } from './saved-files.ts'

/** The file that lists the saved plans of a folder in order. */
export const INDEX_FILE = 'index.json'

const FORMAT = 1

interface IndexedPlan {
  readonly file: string
  readonly environment?: string
  readonly project: string
  readonly digest: string
}

interface Index {
  readonly format: typeof FORMAT
  readonly digest: string
  readonly plans: readonly IndexedPlan[]
}

/** A file of a folder of saved plans. */
export interface PlanFile {
  readonly name: string
  readonly text: string
}

/**
 * The files of a folder that holds the plans of several runs: one for each plan, and last the index.
 *
 * @throws {WarrenError} `INVALID_PLAN` when a run has no plan
 * @throws {InvalidInputError} when a plan would need a secret that is written in the files
 */
export function formatSavedRuns(runs: readonly PlannedRun[]): readonly PlanFile[] {
  const plans = runs.flatMap(({ environment, project, planned }): FormattedPlan[] => {
    if (planned === undefined) return []
    const { digest } = planned.plan
    return [{ ...(environment !== undefined && { environment }), project, digest, text: formatSavedPlan(planned) }]
  })
  if (plans.length < runs.length) {
    throw new WarrenError('the plans are not saved, because one of them could not be made', {
      code: 'INVALID_PLAN',
      hint: 'plan again when every broker can be reached, or choose fewer runs with --environment and --project',
    })
  }
  return planFiles(plans)
}

/** One of several applied runs, and its broker. */
export type RunToUndo = UndoOptions & { readonly environment?: string; readonly project: string }

/**
 * The files of a folder with plans that reverse the actual changes of several runs, the last run first. Runs without
 * changes are left out.
 *
 * @throws {UnreachableError} when a broker cannot be reached
 */
export async function formatUndoRuns(runs: readonly RunToUndo[]): Promise<readonly PlanFile[]> {
  const plans: FormattedPlan[] = []
  for (const { environment, project, ...undo } of runs.toReversed()) {
    if (undo.applied.report === undefined) continue
    const text = await undoPlan(undo)
    const { digest } = JSON.parse(text) as SavedPlan
    plans.push({ ...(environment !== undefined && { environment }), project, digest, text })
  }
  return plans.length === 0 ? [] : planFiles(plans)
}

interface FormattedPlan extends Omit<IndexedPlan, 'file'> {
  readonly text: string
}

function planFiles(formatted: readonly FormattedPlan[]): readonly PlanFile[] {
  const files: PlanFile[] = []
  const plans: IndexedPlan[] = []
  for (const { text, ...plan } of formatted) {
    const names = [...(plan.environment === undefined ? [] : [plan.environment]), plan.project].map(encodeURIComponent)
    const file = `${[String(plans.length + 1), ...names].join('-')}.json`
    files.push({ name: file, text })
    plans.push({ file, ...plan })
  }
  const index: Index = { format: FORMAT, digest: digestOfRuns(plans), plans }
  return [...files, { name: INDEX_FILE, text: `${JSON.stringify(index, undefined, 2)}\n` }]
}

/** The saved plans of several runs, in the order of the index. */
export interface SavedRuns {
  /** The digest of all plans together. */
  readonly digest: string
  readonly plans: readonly SavedPlan[]
}

/**
 * Reads a folder of saved plans.
 *
 * @throws {InvalidInputError} when a plan cannot be used, or was changed since it was saved
 * @throws {WarrenError} `INVALID_PLAN` when the index cannot be used, or a plan is not the one that it lists
 */
export async function readSavedRuns(folder: string): Promise<SavedRuns> {
  const read = await readJsonFile(join(folder, INDEX_FILE))
  if ('problem' in read) throw unusable(folder, `its ${INDEX_FILE} cannot be read: ${read.problem}`)
  const index = read.value
  if (!isIndex(index)) throw unusable(folder, `its ${INDEX_FILE} has the format of another version`)
  const plans: SavedPlan[] = []
  for (const { file, environment, project, digest } of index.plans) {
    const plan = await show(join(folder, file))
    const isListed = plan.digest === digest && plan.project === project && plan.environment?.name === environment
    if (!isListed) throw unusable(folder, `${file} is not the plan that ${INDEX_FILE} lists`)
    plans.push(plan)
  }
  if (digestOfRuns(index.plans) !== index.digest) {
    throw unusable(folder, `the digest in ${INDEX_FILE} is not that of its plans`)
  }
  return { digest: index.digest, plans }
}

function isIndex(value: unknown): value is Index {
  if (typeof value !== 'object' || value === null) return false
  const { format, digest, plans } = value as Partial<Index>
  return format === FORMAT && typeof digest === 'string' && Array.isArray(plans) && plans.every(isIndexed)
}

function isIndexed(value: unknown): value is IndexedPlan {
  if (typeof value !== 'object' || value === null) return false
  const { file, environment, project, digest } = value as Partial<IndexedPlan>
  const isName = typeof file === 'string' && !/[/\\]/.test(file)
  return isName && ['string', 'undefined'].includes(typeof environment) && [project, digest].every(isText)
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function unusable(folder: string, problem: string): WarrenError {
  return new WarrenError(`${folder} cannot be used as a folder of saved plans: ${problem}`, {
    code: 'INVALID_PLAN',
    hint: 'plan again with --out, into an empty folder',
  })
}
