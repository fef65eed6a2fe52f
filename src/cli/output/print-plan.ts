import { findingsText } from '../../render/text/findings-text.ts'
import type { Planned } from '../../operations/change/plan.ts'
import type { Io } from './io.ts'

/** Prints a plan as text to stdout, and the warnings about its files to stderr. */
export async function printPlan(planned: Planned, io: Io): Promise<void> {
  printFileWarnings(planned, io)
  const { planText } = await import('../../render/text/plan-text.ts')
  io.out(planText(planned.plan, io.outStyle))
}

/** The findings about the files of a run. */
export type FileWarnings = Pick<Planned, 'findings' | 'sources'>

/** Prints the warnings about the files to stderr. */
export function printFileWarnings({ findings, sources }: FileWarnings, io: Io): void {
  if (findings.length > 0) io.err(findingsText(findings, sources, io.errStyle))
}
