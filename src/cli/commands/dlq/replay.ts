import type { ReplayQuestion, ReplayReport } from '../../../operate/dead-letters/reports.ts'
import { ExitCode } from '../../exit-code.ts'
import { parseRate } from '../../../model/values/rate.ts'
import { confirmShown } from '../../terminal/confirm.ts'
import { addChoiceOptions, type ChoiceFlags, choiceOptions } from '../../options/dead-letter-flags.ts'
import type { Style } from '../../../render/words/style.ts'
import type { Io } from '../../output/io.ts'
import { oneOf } from '../../options/one-of.ts'
import { printFileWarnings } from '../../output/print-plan.ts'
import type { AddCommand } from '../add-command.ts'
import { type StopSignal, stopOnSignal } from '../../terminal/stop-on-signal.ts'
import { requireAnswer } from '../../options/topology-options.ts'
import { usageError } from '../../options/usage-error.ts'

const EXAMPLES = `
Examples:
  warren dlq replay email topology.yaml             # shows how many, asks, sends them back to email
  warren dlq replay email topology.yaml --dry-run --reason error
  warren dlq replay email topology.yaml --auto-approve --rate 50/s --before 1h
  warren dlq replay email topology.yaml -y --id email-17

Each is acknowledged when the broker has confirmed its copy. Cut short at any moment, no message is lost, and another run
goes on with what is left. It ends by itself when the broker confirms nothing for 30 seconds.
`

interface ReplayFlags extends ChoiceFlags {
  readonly rate?: string
  readonly dryRun?: boolean
  readonly autoApprove?: boolean
}

/** How often progress is printed, in milliseconds. */
const PRINT_EVERY = 2_000

/** `warren dlq replay`: dead letters back to the queue that has failed. */
export const addDlqReplayCommand: AddCommand = (dlq, io, exitWith) => {
  addChoiceOptions(dlq.command('replay'))
    .description('send dead letters back to the queue where they failed, with their attempts reset')
    .option('--limit <n>', 'replay at most so many')
    .option('--rate <rate>', 'replay at most so many in a time, such as 50/s or 3000/m')
    .option('--dry-run', 'count what would be replayed, and leave it')
    .option('-y, --auto-approve', 'go on without asking')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (queue: string, paths: string[], flags: ReplayFlags) => {
        const format = oneOf('--format', flags.format, ['text', 'json'])
        const rate = flags.rate === undefined ? undefined : rateOf(flags.rate)
        requireAnswer(paths, flags.autoApprove === true || flags.dryRun === true, '--auto-approve')
        const choice = await choiceOptions(queue, paths, flags, io)
        const { replayText } = await import('../../../render/text/dead-letters-text.ts')
        const { deadLettersJson } = await import('../../../render/json/dead-letters-json.ts')
        const { replayDeadLetters } = await import('../../../operations/dead-letters/replay-dead-letters.ts')
        const stop = stopOnSignal(io, () => undefined)
        try {
          const replayed = await replayDeadLetters({
            ...choice,
            ...(rate && { rate }),
            dryRun: flags.dryRun === true,
            signal: stop.signal,
            onProgress: progressTo(io),
            onWaiting: (text) => io.err(`  ${text}\n`),
            confirm: async (question) => {
              const confirmed = await confirmReplay(question, flags, format, io)
              if (confirmed) stop.listen()
              return confirmed
            },
          })
          printFileWarnings(replayed, io)
          const { findings: _findings, sources: _sources, ...report } = replayed
          io.out(format === 'json' ? deadLettersJson(report) : replayText(report, io.outStyle))
          return exitCodeOf(report, stop)
        } finally {
          stop.dispose()
        }
      }),
    )
}

async function confirmReplay(
  question: ReplayQuestion,
  flags: ReplayFlags,
  format: 'text' | 'json',
  io: Io,
): Promise<boolean> {
  const { replayQuestionText } = await import('../../../render/text/dead-letters-text.ts')
  const text = (style: Style) => replayQuestionText(question, style)
  const how = 'pass --auto-approve to replay without asking, or --dry-run to count'
  const prompt = '\nReplay those that fit? Only "yes" goes on: '
  return confirmShown({ text, prompt, approved: flags.autoApprove === true, format, how, answer: 'yes' }, io)
}

function exitCodeOf({ result, notConfirmed }: ReplayReport, stop: StopSignal): ExitCode {
  if (notConfirmed) return ExitCode.notConfirmed
  if (result === undefined) return ExitCode.done
  const { stopped, left } = result
  if (stopped?.by === 'signal') return stop.exitCode() ?? ExitCode.interrupted
  const isWhole = stopped === undefined && left.unknownQueue === 0 && left.refused.length === 0
  return isWhole ? ExitCode.done : ExitCode.partiallyApplied
}

function rateOf(text: string) {
  const rate = parseRate(text)
  if (rate === undefined) throw usageError(`--rate ${text} is no rate`, 'write it as --rate 50/s, 3000/m or 10/h')
  return rate
}

function progressTo(io: Io): (looked: number, replayed: number) => void {
  let printedAt = Date.now()
  return (looked, replayed) => {
    if (Date.now() - printedAt < PRINT_EVERY) return
    printedAt = Date.now()
    io.err(`  ${looked.toLocaleString('en-US')} looked at, ${replayed.toLocaleString('en-US')} replayed\n`)
  }
}
