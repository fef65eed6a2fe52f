import { checkOutputs } from './check-outputs.ts'
import { ExitCode } from './exit-code.ts'
import { executeSeveral, type SeveralFlags } from './execute-several.ts'
import type { BrokerFlags } from './options/connection/broker-options.ts'
import { brokerOf, type ChosenRun } from './options/chosen-runs.ts'
import { type ModeFlags, modeOptions } from './options/mode-flags.ts'
import type { TopologyFlags } from './options/topology-options.ts'
import type { Io } from './output/io.ts'
import { refuseForSeveralEnvironments } from './plan-several.ts'
import { inEnvironment, limitsOf } from './run-apply.ts'
import type { ApplyRunOptions } from '../operations/workspace/apply-runs.ts'
import { areEnvironmentsConfirmed } from './terminal/confirm.ts'

export interface ApplySeveralFlags extends TopologyFlags, BrokerFlags, ModeFlags, SeveralFlags {}

/** Applies or destroys several projects in several environments. */
export async function applySeveral(
  command: 'apply' | 'destroy',
  chosen: readonly ChosenRun[],
  flags: ApplySeveralFlags,
  io: Io,
): Promise<ExitCode> {
  refuseForSeveralEnvironments(chosen, flags)
  for (const { files } of chosen) checkOutputs(flags, files)
  if (!areEnvironmentsConfirmed(chosen, flags.confirm, io)) return ExitCode.notConfirmed
  const brokers = []
  const runs: ApplyRunOptions[] = []
  for (const run of chosen) {
    const broker = await brokerOf(run, flags, io)
    const pace = limitsOf(inEnvironment(flags, run.environment))
    brokers.push(broker)
    runs.push({ ...run.files, ...modeOptions(flags, run.environment), ...broker, ...pace })
  }
  const { applyRuns, destroyRuns } = await import('../operations/workspace/apply-runs.ts')
  const execute = command === 'apply' ? applyRuns : destroyRuns
  return executeSeveral(
    { command, brokers, areSaved: false, execute: (options) => execute({ ...options, runs }) },
    flags,
    io,
  )
}
