import type { Report } from '../../apply/report.ts'
import { ExitCode } from '../../diagnostics/exit-code.ts'
import { confirmationText } from '../../render/confirmation-text.ts'
import { redact } from '../../model/redact.ts'
import { redactPlan } from '../../render/redact-plan.ts'
import { applyJson } from '../../render/report-json.ts'
import { reportText } from '../../render/report-text.ts'
import type { Applied } from '../../verbs/apply.ts'
import type { Planned } from '../../verbs/plan.ts'
import { ask } from '../ask.ts'
import { addBrokerOptions, type BrokerFlags, brokerOptions, count } from '../broker-options.ts'
import type { Io } from '../io.ts'
import { oneOf } from '../one-of.ts'
import { printPlan, printWarnings, renderPlan } from '../print-plan.ts'
import { showProgress } from '../progress.ts'
import type { AddCommand } from '../run-command-line.ts'
import { type StopSignal, stopOnSignal } from '../stop-on-signal.ts'
import { addTopologyOptions, type TopologyFlags, topologyOptions } from '../topology-options.ts'

const EXAMPLES = `
Examples:
  warren apply topology.yaml                        # plans, shows, asks, applies
  warren apply topologies/ --auto-approve --wait 60s
  warren apply topology.yaml --vhost /shop=/shop-pr-17

Nothing is deleted or replaced. A plan with a difference that RabbitMQ cannot change in place is blocked.
`

const MOST_PARALLEL = 256

interface ApplyFlags extends TopologyFlags, BrokerFlags {
  readonly format: string
  readonly autoApprove?: boolean
  readonly parallelism?: string
}

/** `warren apply`: plan, show, ask, execute. */
export const addApplyCommand: AddCommand = (program, io, end) => {
  addBrokerOptions(addTopologyOptions(program.command('apply')))
    .description('make the broker what the topology files say')
    .option('-y, --auto-approve', 'apply without asking')
    .option(
      '--parallelism <count>',
      'how many writes may be under way at once (default: 16 from RabbitMQ 4.0 on, else 64)',
    )
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: ApplyFlags) => {
      const format = oneOf('--format', flags.format, ['text', 'json'])
      const options = { ...topologyOptions(paths, flags, io), ...brokerOptions(flags, io), ...pace(flags) }
      const { apply } = await import('../../verbs/apply.ts')
      const stop = stopOnSignal(io)
      const progress = showProgress(io)
      try {
        const applied = await apply({
          ...options,
          signal: stop.signal,
          confirm: async (planned) => {
            const confirmed = await confirm(planned, flags.autoApprove === true, format, io)
            if (confirmed) stop.listen()
            return confirmed
          },
          onOutcome: progress.onOutcome,
        })
        progress.end()
        await printResult(applied, format, io)
        end(exitCodeOf(applied, stop))
      } finally {
        stop.dispose()
      }
    })
}

function pace({ parallelism }: ApplyFlags): { readonly parallelism?: number } {
  return parallelism === undefined ? {} : { parallelism: count('--parallelism', parallelism, 1, MOST_PARALLEL) }
}

async function confirm(planned: Planned, approved: boolean, format: 'text' | 'json', io: Io): Promise<boolean> {
  if (format === 'text') await printPlan(planned, 'text', io)
  if (approved) return true
  if (!io.interactive) {
    io.err(
      `${io.errStyle.remove('error')}  nobody is there to confirm: this is no terminal\n       pass --auto-approve to apply without asking\n`,
    )
    return false
  }
  // Who is asked has to see the plan, and stdout is for the JSON alone.
  if (format === 'json') io.err(`${await renderPlan(planned, 'text', io.errStyle)}\n`)
  return (await ask(confirmationText(redactPlan(planned.plan, planned.secrets)))) === 'yes'
}

async function printResult(applied: Applied, format: 'text' | 'json', io: Io): Promise<void> {
  const report = applied.report && redact(applied.report, applied.secrets)
  if (format === 'json') {
    printWarnings(applied, io)
    io.out(applyJson(redactPlan(applied.plan, applied.secrets), report))
    return
  }
  if (applied.stopped === 'blocked' || applied.stopped === 'nothing-to-do') await printPlan(applied, 'text', io)
  if (applied.stopped === 'not-confirmed') io.err('Nothing was done.\n')
  if (report) io.out(`\n${reportText(report, io.outStyle)}`)
}

function exitCodeOf({ stopped, report }: Applied, stop: StopSignal): ExitCode {
  if (stopped !== undefined) return STOPPED[stopped]
  return report === undefined ? ExitCode.unexpected : exitCodeOfReport(report, stop)
}

const STOPPED = {
  blocked: ExitCode.blocked,
  'not-confirmed': ExitCode.notConfirmed,
  'nothing-to-do': ExitCode.done,
} as const

function exitCodeOfReport(report: Report, stop: StopSignal): ExitCode {
  if (report.interrupted) return stop.exitCode() ?? ExitCode.interrupted
  const failed = report.outcomes.filter(({ status }) => status === 'failed')
  if (failed.length === 0) return ExitCode.done
  const nothingDone = report.outcomes.every(({ status }) => status !== 'done')
  const refused = failed.every((outcome) => outcome.status === 'failed' && outcome.refused === true)
  return nothingDone && refused ? ExitCode.unreachable : ExitCode.partiallyApplied
}
