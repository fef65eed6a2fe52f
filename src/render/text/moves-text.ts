import type { RenameChange, ReplaceChange } from '../../plan/change.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Style } from '../words/style.ts'

type Move = Extract<ReplaceChange | RenameChange, { kind: 'queue' }>

/** What a plan cannot promise of the queues whose messages it moves: said before, not found out afterwards. */
export function movesText({ changes }: Plan, style: Style): string[] {
  const moves = changes.filter((change): change is Move => {
    return (
      change.kind === 'queue' &&
      (change.action === 'rename' || (change.action === 'replace' && change.how === 'migrate'))
    )
  })
  if (moves.length === 0) return []
  const delays = moves.some(({ after }) => after.role?.kind === 'delay')
  return [
    [
      style.strong('Moves'),
      '  No message in these queues is lost; some that come meanwhile may be delivered twice. What cannot be guaranteed:',
      ...[
        "a message published to a queue's own name, without an exchange, in the moment without that queue comes back to a",
        '  publisher with mandatory, and is lost to one without',
        'consumers are cancelled, and have to consume again; what they hold unacknowledged is waited for',
        'programs that declare a queue as it was before are refused from then on',
        ...(delays ? ['what waits in a delay queue for longer than a minute may wait its full delay again'] : []),
      ].map((line) => (line.startsWith('  ') ? `    ${line}` : `    - ${line}`)),
    ].join('\n'),
  ]
}
