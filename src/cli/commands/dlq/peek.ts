import { ExitCode } from '../../exit-code.ts'
import { addChoiceOptions, type ChoiceFlags, choiceOptions } from '../../options/dead-letter-flags.ts'
import { oneOf } from '../../options/one-of.ts'
import { printFileWarnings } from '../../output/print-plan.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren dlq peek email topology.yaml
  warren dlq peek email.dead topology.yaml --body --limit 1
  warren dlq peek orders_error --live --vhost shop
  warren dlq peek queue:%2F/email topology.yaml --reason error --error timeout --after 2h --format json

The queue keeps its messages. While warren reads them, no consumer gets them; then it requeues them in order.
`

interface PeekFlags extends ChoiceFlags {
  readonly body?: boolean
}

/** `warren dlq peek`: prints dead letters, and leaves them in their queue. */
export const addDlqPeekCommand: AddCommand = (dlq, io, exitWith) => {
  addChoiceOptions(dlq.command('peek'))
    .description('show dead letters and keep them in their queue')
    .option('--limit <n>', 'show at most this many (default 20)')
    .option('--body', 'show the bodies too: in text the first 1,000 bytes, in JSON all')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (queue: string, paths: string[], flags: PeekFlags) => {
        const format = oneOf('--format', flags.format, ['text', 'json'])
        const { peekText, SHOWN_BODY } = await import('../../../render/text/dead-letters-text.ts')
        const { peekJson } = await import('../../../render/json/dead-letters-json.ts')
        const { peekDeadLetters } = await import('../../../operations/dead-letters/peek-dead-letters.ts')
        const bodyBytes = format === 'json' ? Infinity : SHOWN_BODY
        const peeked = await peekDeadLetters({
          ...(await choiceOptions(queue, paths, flags, io)),
          ...(flags.body === true && { bodyBytes }),
        })
        printFileWarnings(peeked, io)
        const { findings: _findings, sources: _sources, ...shown } = peeked
        io.out(format === 'json' ? peekJson(shown) : peekText(shown, io.outStyle))
        return ExitCode.done
      }),
    )
}
