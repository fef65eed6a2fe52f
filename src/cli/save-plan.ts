import { redactPlan } from '../render/redact-plan.ts'
import { planJson } from '../render/plan-json.ts'
import type { Planned } from '../verbs/plan.ts'
import type { Io } from './io.ts'
import { writeFileTo } from './write-file-to.ts'

/** Saves a plan for a later apply. @throws {WarrenError} when it would need a secret that no reference stands for */
export async function savePlan(path: string, planned: Planned, { secrets }: Io): Promise<void> {
  const { bindPlan } = await import('../verbs/bind-plan.ts')
  const bound = bindPlan(planned)
  writeFileTo('--out', path, secrets.mask(planJson(redactPlan(bound, planned.secrets))))
}
