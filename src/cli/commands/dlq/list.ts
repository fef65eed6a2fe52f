import { ExitCode } from '../../exit-code.ts'
import { count } from '../../options/connection/broker-options.ts'
import { addDeadLetterOptions, type DeadLetterFlags, deadLetterOptions } from '../../options/dead-letter-flags.ts'
import { oneOf } from '../../options/one-of.ts'
import { printFileWarnings } from '../../output/print-plan.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren dlq list topology.yaml
  warren dlq list topologies/ --reasons --limit 500 --format json
  warren dlq list --live --vhost shop                  # those of the broker, without files
`

/** How many dead letters of each queue `--reasons` reads. */
const DEFAULT_LIMIT = 1_000
const MOST = 1_000_000

interface ListFlags extends DeadLetterFlags {
  readonly reasons?: boolean
  readonly limit?: string
}

/** `warren dlq list`: the number of messages in the dead-letter queues. */
export const addDlqListCommand: AddCommand = (dlq, io, exitWith) => {
  addDeadLetterOptions(dlq.command('list'))
    .description('list the dead-letter queues of the files, or of the broker, with their numbers of messages')
    .option('--reasons', 'read the first dead letters of each queue, and count them by reason')
    .option('--limit <n>', `how many messages of each queue --reasons reads (default ${DEFAULT_LIMIT})`)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: ListFlags) => {
        const format = oneOf('--format', flags.format, ['text', 'json'])
        const limit = flags.limit === undefined ? DEFAULT_LIMIT : count('--limit', flags.limit, 1, MOST)
        const { listDeadLetters } = await import('../../../operations/dead-letters/list-dead-letters.ts')
        const listed = await listDeadLetters({
          ...(await deadLetterOptions(paths, flags, io)),
          ...(flags.reasons === true && { reasonsOf: limit }),
        })
        printFileWarnings(listed, io)
        const { findings: _findings, sources: _sources, ...report } = listed
        const { deadLetterListText } = await import('../../../render/text/dead-letters-text.ts')
        const { deadLettersJson } = await import('../../../render/json/dead-letters-json.ts')
        io.out(format === 'json' ? deadLettersJson(report) : deadLetterListText(report, io.outStyle))
        return ExitCode.done
      }),
    )
}
