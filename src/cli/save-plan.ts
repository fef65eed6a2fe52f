import { planJson } from '../render/plan-json.ts'
import type { Planned } from '../verbs/plan.ts'
import type { Io } from './io.ts'

/** Saves a plan for a later apply. @throws {WarrenError} when it would need a secret that no reference stands for */
export async function savePlan(path: string, planned: Planned, io: Io): Promise<void> {
  const { bindPlan } = await import('../verbs/bind-plan.ts')
  io.file('--out', path, planJson(bindPlan(planned, io.secrets)))
}
