import type { RunResult } from '../result/command-result.ts'
import type { PlanSurvey } from '../../insight/survey/survey-for-plan.ts'

/** The survey of one of several plans; its list may be the same as that of an earlier plan. */
export interface ListedSurvey extends PlanSurvey {
  /** The project whose plan has the same list. Absent for the first plan with this list. */
  readonly listedWith?: string
}

/**
 * Leaves out a list of unmanaged objects that an earlier run also has, because all projects of a vhost have the same
 * list.
 */
export function listedOnce<R extends RunResult>(
  runs: readonly R[],
): readonly (R & { readonly survey?: ListedSurvey })[] {
  const seen = new Map<string, string>()
  return runs.map((run) => {
    const { survey, plan } = run
    if (plan === undefined || survey?.unmanaged === undefined || survey.unmanaged.length === 0) return run
    const key = JSON.stringify([plan.broker.url, run.environment, survey.unmanaged.map(({ address }) => address)])
    const listedWith = seen.get(key)
    if (listedWith !== undefined) return { ...run, survey: { ...survey, listedWith } }
    seen.set(key, plan.project)
    return run
  })
}
