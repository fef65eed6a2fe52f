import { countOutcomes, type MovedMessages, type Outcome, type Report } from '../../apply/report.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { showText } from '../words/show-value.ts'
import type { Style } from '../words/style.ts'

/** Prints the result of an apply: the unfinished changes with reasons, the moved messages, and the counts. */
export function reportText(report: Report, style: Style): string {
  const shown = report.outcomes.filter((outcome) => outcome.status !== 'done' || outcome.moved !== undefined)
  const counts = countOutcomes(report)
  const parts = (['done', 'failed', 'skipped', 'stale', 'kept', 'interrupted'] as const)
    .filter((status) => status === 'done' || counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
  return (
    [
      ...shown.map((outcome) => outcomeText(outcome, style)),
      ...(report.lockLost
        ? [`  ${style.warn('stopped')}  the lock of the project was lost: another apply may run`]
        : []),
      ...(report.recordFailed === undefined
        ? []
        : [
            `  ${style.remove('failed')}   the ownership record could not be written: ${report.recordFailed}`,
            '           run the command again to repair it',
          ]),
      ...ownershipText(report.ownership, style),
      ...(report.outcomes.length === 0 && report.ownership !== undefined
        ? []
        : [`${style.strong('Applied')}  ${parts.join(', ')}`]),
    ].join('\n') + '\n'
  )
}

/** Prints the numbers of objects whose owner has changed. */
function ownershipText(changes: Report['ownership'], style: Style): string[] {
  if (changes === undefined) return []
  const { adopted, takenOver, released, forgotten, ownedElsewhere, protected: kept, unprotected } = changes
  const line = (word: string, { length }: readonly string[], rest = '') =>
    length === 0 ? [] : [`${style.strong(word)} ${withCommas(length)}${rest}`]
  return [
    ...line('Adopted', adopted),
    ...takenOver.flatMap(({ from, addresses }) => line('Taken over', addresses, ` from ${showText(from)}`)),
    ...line('Released', released),
    ...line('Protected', kept),
    ...line('No longer protected', unprotected),
    ...line('Forgotten', forgotten, ', which no longer exist'),
    ...line('Still owned through another vhost', ownedElsewhere, ', dropped only from the record of a removed one'),
  ]
}

/** Prints the outcome of one change. */
export function outcomeText(outcome: Outcome, style: Style): string {
  const subject = `${outcome.action} ${outcome.address}`
  switch (outcome.status) {
    case 'done':
      return [
        `  ${style.create('done')}     ${subject}`,
        ...(outcome.moved === undefined ? [] : movedText(outcome.moved).map((line) => `           ${line}`)),
      ].join('\n')
    case 'failed':
      return [
        `  ${style.remove('failed')}   ${subject}`,
        `           ${outcome.reason}`,
        ...(outcome.hint === undefined ? [] : [`           ${outcome.hint}`]),
      ].join('\n')
    case 'skipped':
      return `  ${style.warn('skipped')}  ${subject}, because ${outcome.because} was not done`
    case 'stale':
      return [
        `  ${style.warn('stale')}    ${subject}, because more is at risk than the plan named`,
        `           ${outcome.reason}; plan again`,
      ].join('\n')
    case 'kept':
      return `  ${style.warn('kept')}     ${outcome.address}, ${outcome.messages} waiting`
    case 'interrupted':
      return outcome.begun
        ? `  ${style.warn('stopped')}  ${subject}, because the run was interrupted; no message is lost, and the next apply continues`
        : `  ${style.warn('not done')} ${subject}, because the run was interrupted`
  }
}

function movedText({ messages, duplicates, lost, cancelledConsumers }: MovedMessages): string[] {
  const { atLeast, atMost } = duplicates
  const twice = atLeast === atMost ? String(atLeast) : `${atLeast} to ${atMost}`
  return [
    `moved ${countOf(messages, 'message')}${atMost === 0 ? '' : `; ${twice} may be delivered twice`}`,
    ...(cancelledConsumers > 0 ? [`the broker cancelled ${countOf(cancelledConsumers, 'consumer')}`] : []),
    ...(lost > 0 ? [`LOST ${countOf(lost, 'message')}: published to the queue by its name while it was deleted`] : []),
  ]
}
