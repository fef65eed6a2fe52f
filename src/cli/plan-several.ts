import type { Plan } from '../plan/plan.ts'
import type { Planned } from '../operations/change/plan.ts'
import type { BrokerOptions } from '../operations/session/options.ts'
import type { PlannedRun } from '../operations/workspace/plan-runs.ts'
import type { BrokerFlags } from './options/connection/broker-options.ts'
import { brokerOf, type ChosenRun } from './options/chosen-runs.ts'
import { exitCodeOfLint, planFailOn, type PlanLintFlags, planLintOf } from './options/lint-flags.ts'
import { type ModeFlags, modeOptions } from './options/mode-flags.ts'
import type { TopologyFlags } from './options/topology-options.ts'
import { firstGiven, usageError } from './options/usage-error.ts'
import { checkOutputs } from './check-outputs.ts'
import { ExitCode } from './exit-code.ts'
import { exitCodeOfRuns } from './exit-code-of-runs.ts'
import type { Io } from './output/io.ts'
import { printFileWarnings } from './output/print-plan.ts'
import { PrintedErrors } from './output/printed-errors.ts'
import { attemptEach } from './output/attempt-each.ts'
import { failedRun } from './output/failed-run.ts'
import { renderRuns } from './output/render-result.ts'
import { type EndedRun, runsText } from './output/runs-text.ts'
import { requireEmptyFolder, savePlans } from './output/save-plans.ts'
import { type Output, withOutputs } from './output/reports.ts'

export interface PlanFlags extends TopologyFlags, BrokerFlags, ModeFlags, PlanLintFlags {
  readonly format: string
  readonly detailedExitcode?: boolean
  readonly against?: string
  readonly out?: string
  readonly expectDigest?: string
  readonly report?: readonly string[]
  readonly showUnmanaged?: boolean
}

/** A command that plans, and changes nothing. */
export interface PlanningCommand {
  readonly name: string
  /** Selects the part of a plan that the command shows. */
  readonly select: () => Promise<(planned: Planned) => Planned>
  readonly exitCodeOf: (plan: Plan, flags: PlanFlags) => Promise<ExitCode>
}

export const PLAN: PlanningCommand = {
  name: 'plan',
  select: () => Promise.resolve((planned) => planned),
  exitCodeOf: async (plan, { detailedExitcode }) => {
    const { isPending } = await import('../operations/change/plan.ts')
    return exitCodeOfPlan(plan, detailedExitcode === true && isPending(plan))
  },
}

export const DRIFT: PlanningCommand = {
  name: 'drift',
  select: async () => (await import('../operations/operate/drift.ts')).driftIn,
  exitCodeOf: (plan) => Promise.resolve(exitCodeOfPlan(plan, plan.changes.length > 0)),
}

/** Plans several projects and environments: prints each plan, followed by a table of all. */
export async function planSeveral(
  command: PlanningCommand,
  chosen: readonly ChosenRun[],
  flags: PlanFlags,
  outputs: readonly Output[],
  io: Io,
): Promise<ExitCode> {
  refuseForSeveral(chosen, flags)
  for (const { files } of chosen) checkOutputs(flags, files)
  const { out, expectDigest } = flags
  if (out !== undefined) requireEmptyFolder(out)
  const failOn = planFailOn(flags)
  return withOutputs(command.name, outputs, io, async (write) => {
    const options = []
    const lint = await planLintOf(flags, io)
    for (const run of chosen) {
      const broker: BrokerOptions = await brokerOf(run, flags, io)
      const mode = modeOptions(flags, run.environment)
      options.push({ ...run.files, ...mode, ...lint, ...broker, showUnmanaged: flags.showUnmanaged === true })
    }
    const { planRuns } = await import('../operations/workspace/plan-runs.ts')
    const { runs, digest } = await planRuns(options, await command.select())
    for (const { planned } of runs) if (planned) printFileWarnings(planned, io)
    const errors = new PrintedErrors(io)
    const ended: (EndedRun & { readonly exitCode: ExitCode })[] = []
    for (const { planned, error, ...run } of runs) {
      const exitCode = planned
        ? exitCodeOfRuns([await command.exitCodeOf(planned.plan, flags), exitCodeOfLint(planned.lint ?? [], failOn)])
        : errors.codeOf(error)
      ended.push({ ...(planned ?? failedRun(error)), ...run, exitCode })
    }
    const exitCode = exitCodeOfRuns(ended.map((run) => run.exitCode))
    const result = { command: command.name, exitCode, runs: ended, ...(digest !== undefined && { digest }) }
    await attemptEach([
      () =>
        write((format, style) =>
          format === 'text' ? runsText(result, style, io) : renderRuns(result, format, io.secrets),
        ),
      ...(out === undefined ? [] : [() => saveAll(out, runs, io)]),
      ...(expectDigest === undefined || digest === undefined ? [] : [() => checkRunsDigest(digest, expectDigest)]),
    ])
    return exitCode
  })
}

/** Saves all plans or none, because an incomplete set would look complete. */
async function saveAll(out: string, runs: readonly PlannedRun[], io: Io): Promise<void> {
  if (runs.every(({ planned }) => planned !== undefined)) return savePlans(out, runs, io)
  io.err(`${io.errStyle.warn('warning')}  no plan is saved in ${out}, because one of the plans could not be made\n`)
}

async function checkRunsDigest(digest: string, expected: string): Promise<void> {
  const { checkDigest } = await import('../operations/change/check-digest.ts')
  checkDigest({ digest }, expected)
}

/** Refuses options that apply to a single plan. */
function refuseForSeveral(chosen: readonly ChosenRun[], flags: PlanFlags): void {
  if (flags.against !== undefined) {
    throw usageError(
      '--against works with a single plan, but several projects or environments are chosen',
      'choose one project and one environment with --project NAME and --environment NAME',
    )
  }
  refuseForSeveralEnvironments(chosen, flags)
}

/**
 * @throws {WarrenError} `INVALID_USAGE` when several environments are chosen together with an option for a single one
 */
export function refuseForSeveralEnvironments(chosen: readonly ChosenRun[], flags: BrokerFlags & ModeFlags): void {
  const { url, amqpUrl, user, passwordFile, ca, cert, key, insecureSkipVerify } = flags
  const { allow, migrate, rebind, adopt } = flags
  if (new Set(chosen.map(({ environment }) => environment)).size < 2) return
  const connection = { url, amqpUrl, user, passwordFile, ca, cert, key, insecureSkipVerify }
  const option =
    firstGiven({ '--allow': allow, '--migrate': migrate, '--rebind': rebind, '--adopt': adopt }) ??
    firstGiven(connection)?.replaceAll(/[A-Z]/g, (each) => `-${each.toLowerCase()}`)
  if (option === undefined) return
  const name = option.startsWith('--') ? option : `--${option}`
  throw usageError(`${name} works with one environment, but several are chosen`, 'choose one with --environment NAME')
}

/** The exit code of a plan. */
function exitCodeOfPlan(plan: Plan, isPending: boolean): ExitCode {
  if (plan.blocks.length > 0) return ExitCode.blocked
  return isPending ? ExitCode.changesPending : ExitCode.done
}
