import { ExitCode } from '../diagnostics/exit-code.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import { planProblem } from '../load/check-plan.ts'
import { readJsonFile } from '../load/read-json-file.ts'
import { isPlan, readSavedPlan, type SavedPlan, tamperedWith } from '../plan/saved-plan.ts'

/**
 * Reads a saved plan, whether it fits the broker still or not.
 *
 * @throws {WarrenError} with exit code 3 when the file is none, or was changed since it was saved
 */
export async function show(path: string): Promise<SavedPlan> {
  const read = await readJsonFile(path)
  const plan = 'problem' in read ? read : await savedPlanOf(read.value)
  if (!('problem' in plan)) return plan
  throw new WarrenError(`${path} is no plan that can be used: ${plan.problem}`, {
    exitCode: ExitCode.invalidInput,
    hint: 'save one with: warren plan --out plan.json',
  })
}

/** The saved plan in a file; undefined when the file is something else, such as a topology. */
export async function savedPlanIn(path: string): Promise<SavedPlan | undefined> {
  if (!path.endsWith('.json')) return undefined
  const read = await readJsonFile(path)
  return 'problem' in read || !isPlan(read.value) ? undefined : show(path)
}

async function savedPlanOf(value: unknown): Promise<SavedPlan | { readonly problem: string }> {
  const plan = readSavedPlan(value)
  if ('problem' in plan) return plan
  const problem = (await planProblem(value)) ?? tamperedWith(plan)
  return problem === undefined ? plan : { problem }
}
