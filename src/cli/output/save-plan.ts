import type { Planned } from '../../operations/change/plan.ts'
import type { Io } from './io.ts'

/** Saves a plan for a later apply. @throws {WarrenError} when it would need a secret that is written in the files */
export async function savePlan(path: string, planned: Planned, io: Io): Promise<void> {
  const { formatSavedPlan } = await import('../../operations/saved/saved-files.ts')
  io.file('--out', path, formatSavedPlan(planned))
}
