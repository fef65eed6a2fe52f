import type { PurgeQuestion } from '../../../operate/dead-letters/reports.ts'
import { ExitCode } from '../../exit-code.ts'
import { confirmShown } from '../../terminal/confirm.ts'
import { addChoiceOptions, type ChoiceFlags, choiceOptions, mostOf } from '../../options/dead-letter-flags.ts'
import type { Style } from '../../../render/words/style.ts'
import type { Io } from '../../output/io.ts'
import { oneOf } from '../../options/one-of.ts'
import { printFileWarnings } from '../../output/print-plan.ts'
import type { AddCommand } from '../add-command.ts'
import { requireAnswer } from '../../options/topology-options.ts'
import { stopOnSignal } from '../../terminal/stop-on-signal.ts'

const EXAMPLES = `
Examples:
  warren dlq purge email topology.yaml              # shows how many and why, asks for the queue's name: email.dead
  warren dlq purge email topology.yaml --reason invalid --before 30d --dry-run
  warren dlq purge email topology.yaml --confirm email.dead --max 100

Deletes only counted messages: it holds them while it asks, and keeps messages that arrive meanwhile.
`

interface PurgeFlags extends ChoiceFlags {
  readonly max?: string
  readonly dryRun?: boolean
  readonly confirm?: string
}

/** `warren dlq purge`: deletes dead letters. */
export const addDlqPurgeCommand: AddCommand = (dlq, io, exitWith) => {
  addChoiceOptions(dlq.command('purge'))
    .description('delete dead letters')
    .option('--limit <n>', 'delete the first so many that fit')
    .option('--max <n>', 'delete nothing, with exit code 4, when more than so many fit')
    .option('--dry-run', 'count what would be deleted, and leave it')
    .option('--confirm <queue>', "the dead-letter queue's name, to go on without asking")
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (queue: string, paths: string[], flags: PurgeFlags) => {
        const format = oneOf('--format', flags.format, ['text', 'json'])
        requireAnswer(paths, flags.confirm !== undefined || flags.dryRun === true, '--confirm QUEUE')
        const choice = await choiceOptions(queue, paths, flags, io)
        const max = flags.max === undefined ? undefined : mostOf('--max', flags.max)
        const { purgeText } = await import('../../../render/text/dead-letters-text.ts')
        const { deadLettersJson } = await import('../../../render/json/dead-letters-json.ts')
        const { purgeDeadLetters } = await import('../../../operations/dead-letters/purge-dead-letters.ts')
        const stop = stopOnSignal(io, () => undefined)
        try {
          const purged = await purgeDeadLetters({
            ...choice,
            ...(max !== undefined && { max }),
            dryRun: flags.dryRun === true,
            confirm: async (question) => {
              const confirmed = await confirmPurge(question, flags, format, io)
              if (confirmed) stop.listen()
              return confirmed
            },
          })
          printFileWarnings(purged, io)
          const { findings: _findings, sources: _sources, ...report } = purged
          io.out(format === 'json' ? deadLettersJson(report) : purgeText(report, io.outStyle))
          return report.notConfirmed ? ExitCode.notConfirmed : ExitCode.done
        } finally {
          stop.dispose()
        }
      }),
    )
}

async function confirmPurge(
  question: PurgeQuestion,
  flags: PurgeFlags,
  format: 'text' | 'json',
  io: Io,
): Promise<boolean> {
  const { purgeQuestionText } = await import('../../../render/text/dead-letters-text.ts')
  const { name } = question
  const asked = {
    text: (style: Style) => purgeQuestionText(question, style),
    approved: flags.confirm === name,
    format,
    how: `pass --confirm with the name of the dead-letter queue, ${JSON.stringify(name)}, to delete without asking`,
    prompt: "\nDelete them? Only the dead-letter queue's name goes on: ",
    answer: name,
  }
  return confirmShown(asked, io)
}
