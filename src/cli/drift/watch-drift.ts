import { groupByKey } from '../../model/values/group-by-key.ts'
import type { DriftEvent, WatchedEnvironment } from '../../operations/operate/watch-drift.ts'
import type { BrokerFlags } from '../options/connection/broker-options.ts'
import { brokerOf, type ChosenRun } from '../options/chosen-runs.ts'
import { type WatchFlags, watchSettings } from './watch-flags.ts'
import { type ModeFlags, modeOptions } from '../options/mode-flags.ts'
import { usageError } from '../options/usage-error.ts'
import { refuseForSeveralEnvironments } from '../plan-several.ts'
import { ExitCode } from '../exit-code.ts'
import type { Io } from '../output/io.ts'
import type { ReportFlags } from '../output/reports.ts'
import { stopOnSignal } from '../terminal/stop-on-signal.ts'

type Flags = WatchFlags & BrokerFlags & ModeFlags & ReportFlags

/** Runs the drift service until a signal ends it, which is a clean end. */
export async function watchDriftOf(
  paths: readonly string[],
  chosen: readonly ChosenRun[],
  flags: Flags,
  io: Io,
): Promise<ExitCode> {
  if (flags.format !== 'text' && flags.format !== 'json') {
    throw usageError('--watch prints text or json', 'choose one with --format text or --format json')
  }
  if (flags.report !== undefined) throw usageError('--watch writes no reports', 'leave out --report, or --watch')
  if (flags.prune === true) throw usageError('--watch never prunes', 'leave out --prune')
  refuseForSeveralEnvironments(chosen, flags)
  const settings = await watchSettings(paths, flags, io)
  const environments = await environmentsOf(chosen, flags, io)
  const { driftEventText, watchDrift } = await import('../../operations/operate/watch-drift.ts')
  const stop = stopOnSignal(io, () => undefined)
  stop.listen()
  try {
    await watchDrift({
      ...settings,
      environments,
      signal: stop.signal,
      secrets: io.secrets,
      onListening: (url) => io.err(`Serves ${url}/metrics, /healthz and /readyz.\n`),
      onEvent: (event: DriftEvent) =>
        io.out(`${flags.format === 'json' ? JSON.stringify(event) : `${event.at}  ${driftEventText(event)}`}\n`),
      onWarning: (text, environment) =>
        io.err(`${io.errStyle.warn('warning')}  ${environment === undefined ? '' : `[${environment}] `}${text}\n`),
    })
    return ExitCode.done
  } finally {
    stop.dispose()
  }
}

/** The runs by environment, because the projects of an environment share a broker. */
async function environmentsOf(chosen: readonly ChosenRun[], flags: Flags, io: Io): Promise<WatchedEnvironment[]> {
  const environments: WatchedEnvironment[] = []
  for (const [name, runs] of groupByKey(chosen, ({ environment }) => environment?.name)) {
    const options = []
    for (const run of runs) {
      options.push({ ...run.files, ...modeOptions(flags, run.environment), ...(await brokerOf(run, flags, io)) })
    }
    environments.push({ ...(name !== undefined && { name }), runs: options })
  }
  return environments
}
