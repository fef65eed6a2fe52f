import { findingsText } from '../render/findings-text.ts'
import { redact } from '../model/redact.ts'
import { redactPlan } from '../render/redact-plan.ts'
import type { Planned } from '../verbs/plan.ts'
import type { Io } from './io.ts'

/** Prints a plan to stdout, and the warnings about its files to stderr. */
export async function printPlan(planned: Planned, format: 'text' | 'diff' | 'json', io: Io): Promise<void> {
  if (planned.findings.length > 0)
    io.err(findingsText(redact(planned.findings, planned.secrets), planned.sources, io.errStyle))
  io.out(await renderPlan(planned, format, io))
}

async function renderPlan(planned: Planned, format: 'text' | 'diff' | 'json', io: Io): Promise<string> {
  const plan = redactPlan(planned.plan, planned.secrets)
  switch (format) {
    case 'text': {
      const { planText } = await import('../render/plan-text.ts')
      return planText(plan, io.outStyle)
    }
    case 'diff': {
      const { planDiff } = await import('../render/plan-diff.ts')
      return planDiff(plan)
    }
    case 'json': {
      const { planJson } = await import('../render/plan-json.ts')
      return planJson(plan)
    }
  }
}
