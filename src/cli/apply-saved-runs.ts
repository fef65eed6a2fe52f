import { checkOutputs } from './check-outputs.ts'
import { ExitCode } from './exit-code.ts'
import { executeSeveral, type SeveralFlags } from './execute-several.ts'
import type { BrokerFlags } from './options/connection/broker-options.ts'
import { brokerOf, chooseSavedRun } from './options/chosen-runs.ts'
import type { TopologyFlags } from './options/topology-options.ts'
import type { Io } from './output/io.ts'
import { inEnvironment, limitsOf } from './run-apply.ts'
import type { SavedRunOptions } from '../operations/workspace/apply-runs.ts'
import { areEnvironmentsConfirmed } from './terminal/confirm.ts'

/** The options of an apply of saved plans, as commander returns them. */
export interface SavedRunsFlags extends TopologyFlags, BrokerFlags, SeveralFlags {}

/**
 * Applies the plans of a folder: exactly these plans. The run changes nothing in an environment with a plan that no
 * longer fits.
 */
export async function applySavedRuns(folder: string, flags: SavedRunsFlags, io: Io): Promise<ExitCode> {
  checkOutputs(flags, { paths: [folder] })
  const { readSavedRuns } = await import('../operations/saved/saved-runs.ts')
  const { plans } = await readSavedRuns(folder)
  const chosen = []
  const brokers = []
  const runs: SavedRunOptions[] = []
  for (const saved of plans) {
    const run = await chooseSavedRun(saved, flags, io)
    const broker = await brokerOf(run, flags, io)
    const { variables = {}, environment = {} } = run.files
    chosen.push(run)
    brokers.push(broker)
    runs.push({ ...broker, ...limitsOf(inEnvironment(flags, run.environment)), saved, variables, environment })
  }
  if (!areEnvironmentsConfirmed(chosen, flags.confirm, io)) return ExitCode.notConfirmed
  const { applyRuns } = await import('../operations/workspace/apply-runs.ts')
  // For a single plan, its own digest is accepted too, because its text shows that one.
  const isOwnDigest = plans.length === 1 && plans[0]?.digest === flags.expectDigest
  const { expectDigest: _expectDigest, ...rest } = flags
  return executeSeveral(
    { command: 'apply', brokers, areSaved: true, execute: (options) => applyRuns({ ...options, runs }) },
    isOwnDigest ? rest : flags,
    io,
  )
}
