import { findingsText } from '../../render/text/findings-text.ts'
import type { Style } from '../../render/words/style.ts'
import type { Planned } from '../../operations/change/plan.ts'
import type { Io } from './io.ts'

/** Prints a plan to stdout, and the warnings about its files to stderr. */
export async function printPlan(planned: Planned, format: 'text' | 'diff' | 'json', io: Io): Promise<void> {
  printFileWarnings(planned, io)
  io.out(await renderPlan(planned, format, io.outStyle))
}

/** What is to say about the files of a run. */
export type FileWarnings = Pick<Planned, 'findings' | 'sources'>

/** Prints the warnings about the files to stderr. */
export function printFileWarnings({ findings, sources }: FileWarnings, io: Io): void {
  if (findings.length > 0) io.err(findingsText(findings, sources, io.errStyle))
}

/** A plan as a text that may be shown. */
export async function renderPlan({ plan }: Planned, format: 'text' | 'diff' | 'json', style: Style): Promise<string> {
  switch (format) {
    case 'text': {
      const { planText } = await import('../../render/text/plan-text.ts')
      return planText(plan, style)
    }
    case 'diff': {
      const { planDiff } = await import('../../render/diff/plan-diff.ts')
      return planDiff(plan)
    }
    case 'json': {
      const { planJson } = await import('../../render/json/plan-json.ts')
      return planJson(plan)
    }
  }
}
