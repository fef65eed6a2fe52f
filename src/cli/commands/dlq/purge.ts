import type { PurgeQuestion, PurgeReport } from '../../../operate/dead-letters/reports.ts'
import { ExitCode } from '../../exit-code.ts'
import { type ChoiceFlags, choiceOptions, mostOf } from '../../options/dead-letter-flags.ts'
import type { AddCommand } from '../add-command.ts'
import { requireAnswer } from '../../options/topology-options.ts'
import { addChangeOptions, changeConfirmed, type ConfirmedChange, formatOf } from './confirmed-change.ts'

const EXAMPLES = `
Examples:
  warren dlq purge email topology.yaml              # shows numbers and reasons, asks for the name email.dead
  warren dlq purge email topology.yaml --reason invalid --before 30d --dry-run
  warren dlq purge email topology.yaml --confirm email.dead --max 100

warren deletes only the messages that it has counted, and holds them while it asks. It keeps messages that arrive meanwhile.
`

interface PurgeFlags extends ChoiceFlags {
  readonly max?: string
  readonly dryRun?: boolean
  readonly confirm?: string
}

/** `warren dlq purge`: deletes dead letters. */
export const addDlqPurgeCommand: AddCommand = (dlq, io, exitWith) => {
  addChangeOptions(dlq.command('purge'), { limit: 'delete only this many of the messages that match', done: 'deleted' })
    .description('delete dead letters')
    .option('--max <n>', 'delete nothing and exit with 4 if more than this many match')
    .option('--confirm <queue>', "the dead-letter queue's name, to continue without asking")
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (queue: string, paths: string[], flags: PurgeFlags) => {
        const format = formatOf(flags)
        requireAnswer(paths, flags.confirm !== undefined || flags.dryRun === true, '--confirm QUEUE')
        const choice = await choiceOptions(queue, paths, flags, io)
        const max = flags.max === undefined ? undefined : mostOf('--max', flags.max)
        const { purgeQuestionText, purgeText } = await import('../../../render/text/dead-letters-text.ts')
        const { purgeDeadLetters } = await import('../../../operations/dead-letters/purge-dead-letters.ts')
        const purge: ConfirmedChange<PurgeQuestion, PurgeReport> = {
          run: (confirm) =>
            purgeDeadLetters({ ...choice, ...(max !== undefined && { max }), dryRun: flags.dryRun === true, confirm }),
          ask: (question) => ({
            text: (style) => purgeQuestionText(question, style),
            approved: flags.confirm === question.name,
            how: `pass --confirm with the name of the dead-letter queue, ${JSON.stringify(question.name)}, to delete without asking`,
            prompt: '\nDelete them? Type the name of the dead-letter queue to confirm:  ',
            answer: question.name,
          }),
          text: purgeText,
          exitCode: () => ExitCode.done,
        }
        return changeConfirmed(purge, format, io)
      }),
    )
}
