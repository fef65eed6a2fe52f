import { countOutcomes, type Outcome, type Report } from '../apply/report.ts'
import type { Style } from './style.ts'

/** What an apply did, for people: what was not done and why, then the counts. */
export function reportText(report: Report, style: Style): string {
  const wrong = report.outcomes.filter(({ status }) => status !== 'done')
  const counts = countOutcomes(report)
  const parts = (['done', 'failed', 'skipped', 'interrupted'] as const)
    .filter((status) => status === 'done' || counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
  return (
    [...wrong.map((outcome) => outcomeText(outcome, style)), `${style.strong('Applied')}  ${parts.join(', ')}`].join(
      '\n',
    ) + '\n'
  )
}

/** One line, or three, on how a change ended. */
export function outcomeText(outcome: Outcome, style: Style): string {
  const subject = `${outcome.action === 'create' ? 'create' : 'update'} ${outcome.address}`
  switch (outcome.status) {
    case 'done':
      return `  ${style.create('done')}     ${subject}`
    case 'failed':
      return [
        `  ${style.remove('failed')}   ${subject}`,
        `           ${outcome.reason}`,
        ...(outcome.hint === undefined ? [] : [`           ${outcome.hint}`]),
      ].join('\n')
    case 'skipped':
      return `  ${style.warn('skipped')}  ${subject}, since ${outcome.because} was not done`
    case 'interrupted':
      return `  ${style.warn('not begun')}  ${subject}, since the run was interrupted`
  }
}
