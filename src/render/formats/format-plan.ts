import type { Report } from '../../apply/report.ts'
import type { Plan } from '../../plan/plan.ts'
import { planDiff } from '../diff/plan-diff.ts'
import { lintComments } from '../lint/lint-text.ts'
import { applyJson, planJson } from '../json/plan-json.ts'
import type { PlanAdditions } from '../result/plan-additions.ts'
import { planText } from '../text/plan-text.ts'
import { reportText } from '../text/report-text.ts'
import { type FormatOptions, type ResultFormatOptions, styleOf } from './format-options.ts'

/** Options for rendering a plan. */
export interface PlanFormatOptions extends FormatOptions, PlanAdditions {
  /**
   * `text` is what `warren plan` prints, `diff` one unified diff of live against desired objects, and `json` follows
   * `schemas/plan.schema.json`. Default `text`.
   */
  readonly format?: 'text' | 'diff' | 'json'
  /**
   * The columns of the terminal that shows the text, such as `process.stdout.columns`. Default: columns that are the
   * same in every run.
   */
  readonly width?: number
}

/** Formats a plan. Secrets are masked. */
export function formatPlan(plan: Plan, options: PlanFormatOptions = {}): string {
  switch (options.format ?? 'text') {
    case 'text':
      return planText(plan, styleOf(options), options)
    case 'diff':
      return planDiff(plan) + lintComments(options.lint ?? [])
    case 'json':
      return planJson(plan, options)
  }
}

/** The result of an apply or a destroy: the plan and, if any change was started, the report. */
export interface ReportedRun {
  readonly plan: Plan
  readonly report?: Report
}

/**
 * Formats the result of `apply`, `applySaved` or `destroy`. As text, it is the report, or the plan if nothing was
 * begun; as JSON, it follows `schemas/report.schema.json`.
 */
export function formatReport({ plan, report }: ReportedRun, options: ResultFormatOptions = {}): string {
  if (options.format === 'json') return applyJson(plan, report)
  return report === undefined ? planText(plan, styleOf(options)) : reportText(report, styleOf(options))
}
