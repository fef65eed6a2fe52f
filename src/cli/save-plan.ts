import { writeFileSync } from 'node:fs'
import { redactPlan } from '../render/redact-plan.ts'
import { planJson } from '../render/plan-json.ts'
import type { Planned } from '../verbs/plan.ts'
import { usageError } from './usage-error.ts'

/** Saves a plan for a later apply. @throws {WarrenError} when it would need a secret that no reference stands for */
export async function savePlan(path: string, { plan, secrets, live }: Planned): Promise<void> {
  const { bindPlan } = await import('../verbs/bind-plan.ts')
  const bound = bindPlan(plan, secrets, live)
  writeFileTo('--out', path, planJson(redactPlan(bound, secrets)))
}

/** Writes a file that an option names. */
export function writeFileTo(option: string, path: string, text: string): void {
  try {
    writeFileSync(path, text, { mode: 0o600 })
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unwritable'
    throw usageError(`${option} ${path} cannot be written (${code})`, 'check the path and its permissions')
  }
}
