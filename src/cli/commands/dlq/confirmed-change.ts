import type { Command } from 'commander'
import type { Style } from '../../../render/words/style.ts'
import { ExitCode } from '../../exit-code.ts'
import { addChoiceOptions } from '../../options/dead-letter-flags.ts'
import { oneOf } from '../../options/one-of.ts'
import type { Io } from '../../output/io.ts'
import { type FileWarnings, printFileWarnings } from '../../output/print-plan.ts'
import { confirmShown } from '../../terminal/confirm.ts'
import { type StopSignal, stopOnSignal } from '../../terminal/stop-on-signal.ts'

type Format = 'text' | 'json'

/** A change of dead letters that asks before it begins. */
export interface ConfirmedChange<Question, Report> {
  /** Makes the change, after `confirm` has returned true. */
  readonly run: (confirm: (question: Question) => Promise<boolean>, stop: StopSignal) => Promise<Report & FileWarnings>
  readonly text: (report: Omit<Report, keyof FileWarnings>, style: Style) => string
  /** The question, in the words of the command. */
  readonly ask: (question: Question) => Omit<Parameters<typeof confirmShown>[0], 'format'>
  /** The exit code of a change that was confirmed. */
  readonly exitCode: (report: Omit<Report, keyof FileWarnings>, stop: StopSignal) => ExitCode
}

/** Adds the options of commands that change dead letters, with the words of the command. */
export function addChangeOptions(command: Command, { limit, done }: { limit: string; done: string }): Command {
  return addChoiceOptions(command)
    .option('--limit <n>', limit)
    .option('--dry-run', `count what would be ${done}, and leave it`)
}

/** Reads `--format` of a command on dead letters. */
export function formatOf(flags: { readonly format: string }): Format {
  return oneOf('--format', flags.format, ['text', 'json'])
}

/**
 * Shows which dead letters a command would change, asks, and prints the report. Before the answer, a signal ends the
 * process immediately; afterwards, work in progress is finished first.
 */
export async function changeConfirmed<Question, Report extends { readonly notConfirmed?: boolean }>(
  { run, ask, text, exitCode }: ConfirmedChange<Question, Report>,
  format: Format,
  io: Io,
): Promise<ExitCode> {
  const { deadLettersJson } = await import('../../../render/json/dead-letters-json.ts')
  const stop = stopOnSignal(io, () => undefined)
  try {
    const changed = await run(async (question) => {
      const confirmed = await confirmShown({ ...ask(question), format }, io)
      if (confirmed) stop.listen()
      return confirmed
    }, stop)
    printFileWarnings(changed, io)
    const { findings: _findings, sources: _sources, ...report } = changed
    io.out(format === 'json' ? deadLettersJson(report) : text(report, io.outStyle))
    return changed.notConfirmed === true ? ExitCode.notConfirmed : exitCode(report, stop)
  } finally {
    stop.dispose()
  }
}
