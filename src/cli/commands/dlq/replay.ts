import type { ReplayQuestion, ReplayReport } from '../../../operate/dead-letters/reports.ts'
import { parseRate } from '../../../model/values/rate.ts'
import { ExitCode } from '../../exit-code.ts'
import { requireAnswer } from '../../options/topology-options.ts'
import { type ChoiceFlags, choiceOptions } from '../../options/dead-letter-flags.ts'
import { usageError } from '../../options/usage-error.ts'
import type { Io } from '../../output/io.ts'
import type { StopSignal } from '../../terminal/stop-on-signal.ts'
import type { AddCommand } from '../add-command.ts'
import { addChangeOptions, changeConfirmed, type ConfirmedChange, formatOf } from './confirmed-change.ts'

const EXAMPLES = `
Examples:
  warren dlq replay email topology.yaml             # shows how many, asks, sends them back to email
  warren dlq replay email topology.yaml --dry-run --reason error
  warren dlq replay orders --live --vhost shop      # without files
  warren dlq replay email topology.yaml --auto-approve --rate 50/s --before 1h
  warren dlq replay email topology.yaml -y --id email-17

warren acknowledges each message after the broker has confirmed its copy. If a replay is interrupted, no message is lost, and another run continues with the rest. A replay also ends if the broker confirms nothing for 30 seconds.
`

interface ReplayFlags extends ChoiceFlags {
  readonly rate?: string
  readonly dryRun?: boolean
  readonly autoApprove?: boolean
}

/** How often progress is printed, in milliseconds. */
const PRINT_EVERY = 2_000

/** `warren dlq replay`: returns dead letters to the queue where they failed. */
export const addDlqReplayCommand: AddCommand = (dlq, io, exitWith) => {
  addChangeOptions(dlq.command('replay'), { limit: 'replay at most this many', done: 'replayed' })
    .description('send dead letters back to the queue where they failed, with their attempts reset')
    .option('--rate <rate>', 'replay at most this many per unit of time, such as 50/s or 3000/m')
    .option('-y, --auto-approve', 'continue without asking')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (queue: string, paths: string[], flags: ReplayFlags) => {
        const format = formatOf(flags)
        const rate = flags.rate === undefined ? undefined : rateOf(flags.rate)
        requireAnswer(paths, flags.autoApprove === true || flags.dryRun === true, '--auto-approve')
        const choice = await choiceOptions(queue, paths, flags, io)
        const { replayQuestionText, replayText } = await import('../../../render/text/dead-letters-text.ts')
        const { replayDeadLetters } = await import('../../../operations/dead-letters/replay-dead-letters.ts')
        const replay: ConfirmedChange<ReplayQuestion, ReplayReport> = {
          run: (confirm, { signal }) =>
            replayDeadLetters({
              ...choice,
              ...(rate && { rate }),
              dryRun: flags.dryRun === true,
              signal,
              onProgress: progressTo(io),
              onWaiting: (text) => io.err(`  ${text}\n`),
              confirm,
            }),
          ask: (question) => ({
            text: (style) => replayQuestionText(question, style),
            approved: flags.autoApprove === true,
            how: 'pass --auto-approve to replay without asking, or --dry-run to count',
            prompt: '\nReplay the messages that match? Only "yes" confirms:  ',
            answer: 'yes',
          }),
          text: replayText,
          exitCode: exitCodeOf,
        }
        return changeConfirmed(replay, format, io)
      }),
    )
}

function exitCodeOf({ result }: ReplayReport, stop: StopSignal): ExitCode {
  if (result === undefined) return ExitCode.done
  const { stopped, left } = result
  if (stopped?.by === 'signal') return stop.exitCode() ?? ExitCode.interrupted
  const isWhole = stopped === undefined && left.unknownQueue === 0 && left.refused.length === 0
  return isWhole ? ExitCode.done : ExitCode.partiallyApplied
}

function rateOf(text: string) {
  const rate = parseRate(text)
  if (rate === undefined) throw usageError(`--rate ${text} is not a rate`, 'write it as --rate 50/s, 3000/m or 10/h')
  return rate
}

function progressTo(io: Io): (looked: number, replayed: number) => void {
  let printedAt = Date.now()
  return (looked, replayed) => {
    if (Date.now() - printedAt < PRINT_EVERY) return
    printedAt = Date.now()
    io.err(`  ${looked.toLocaleString('en-US')} read, ${replayed.toLocaleString('en-US')} replayed\n`)
  }
}
