import { type Finding, finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { planProblem } from '../../desired/load/check-plan.ts'
import { readJsonFile } from '../../desired/load/read-json-file.ts'
import { beginsLikePlan, isPlan, problemOfKind, tamperedWith } from '../../plan/saved/read-saved-plan.ts'
import type { SavedPlan } from '../../plan/saved/saved-plan.ts'

/**
 * Reads a saved plan, whether or not it still fits the broker.
 *
 * @param path a file, or `-` for standard input
 * @param standardInput reads standard input. Default: `-` is an error
 * @throws {InvalidInputError} when the file is not a saved plan of this format, or was changed since it was saved
 */
export async function show(path: string, standardInput?: () => Promise<Uint8Array>): Promise<SavedPlan> {
  const read = await readJsonFile(path, standardInput)
  const problem =
    'problem' in read
      ? finding('saved-plan-unreadable', { path, problem: read.problem })
      : await problemOf(path, read.value)
  if (problem !== undefined || 'problem' in read) throw new InvalidInputError(problem ? [problem] : [], new Map())
  return read.value as SavedPlan
}

/**
 * The saved plan in a file with any name; undefined if the content is something else, such as a topology.
 *
 * @throws {InvalidInputError} when the content is a plan that cannot be used, such as an incomplete one
 */
export async function savedPlanIn(
  path: string,
  standardInput?: () => Promise<Uint8Array>,
): Promise<SavedPlan | undefined> {
  const read = await readJsonFile(path, standardInput)
  const isOne = 'problem' in read ? read.text !== undefined && beginsLikePlan(read.text) : isPlan(read.value)
  return isOne ? show(path, standardInput) : undefined
}

async function problemOf(path: string, value: unknown): Promise<Finding | undefined> {
  const kind = problemOfKind(value)
  if (kind?.kind === 'format') {
    return finding('saved-plan-format', { path, format: kind.format, supported: kind.supported })
  }
  if (kind !== undefined) return finding('saved-plan-unreadable', { path, problem: kind.problem })
  const problem = (await planProblem(value)) ?? tamperedWith(value as SavedPlan)
  return problem === undefined ? undefined : finding('saved-plan-changed', { path, problem })
}
