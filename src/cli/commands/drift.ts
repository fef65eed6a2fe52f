import { addAmqpOption } from '../options/connection/amqp-option.ts'
import { addBrokerOptions } from '../options/connection/broker-options.ts'
import { brokerOf, chooseRuns } from '../options/chosen-runs.ts'
import { collect } from '../options/collect.ts'
import { FORMAT_LIST } from '../options/formats.ts'
import { addNarrowingOptions, modeOptions } from '../options/mode-flags.ts'
import { addWatchOptions, refuseWithoutWatch, type WatchFlags } from '../drift/watch-flags.ts'
import { addTopologyOptions } from '../options/topology-options.ts'
import { addAllEnvironmentsOption, addChangedSinceOption } from '../options/workspace-flags.ts'
import { attemptEach } from '../output/attempt-each.ts'
import { printFileWarnings } from '../output/print-plan.ts'
import { readOutputs, withOutputs } from '../output/reports.ts'
import { renderRun } from '../output/render-result.ts'
import { checkOutputs } from '../check-outputs.ts'
import { DRIFT, type PlanFlags, planSeveral } from '../plan-several.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren drift topology.yaml                        # exits with 0: as declared, 2: differs, 4: differs, and an apply is blocked
  warren drift topologies/ --overlay prod.yaml --format json
  warren drift --all-environments                   # all projects of warren.config.yaml in all environments
  warren drift -e prod --report junit=drift.xml --report markdown=drift.md
  warren drift topology.yaml --prune                # also objects that are owned and no longer declared
  warren drift --watch --all-environments           # keep looking: metrics, and webhooks of warren.config.yaml
  warren drift -e prod --watch --interval 30s --listen :9878 --state /var/lib/warren/drift.json
  warren drift -e prod --watch --apply --pause /run/warren/pause
`

/** `warren drift`: whether the broker still matches the files. */
export const addDriftCommand: AddCommand = (program, io, exitWith) => {
  addWatchOptions(
    addAllEnvironmentsOption(
      addNarrowingOptions(
        addChangedSinceOption(addAmqpOption(addBrokerOptions(addTopologyOptions(program.command('drift'))))).option(
          '--prune',
          'also report objects that this project owns and no longer declares',
        ),
      ),
    ),
  )
    .description('check whether the broker still matches the topology files; exit with 2 if not')
    .option('--format <format>', FORMAT_LIST, 'text')
    .option('--report <format=path>', 'also write the result in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: PlanFlags & WatchFlags) => {
        refuseWithoutWatch(flags)
        const outputs = readOutputs(flags, io)
        const runs = await chooseRuns(paths, flags, io)
        if (flags.watch === true) return (await import('../drift/watch-drift.ts')).watchDriftOf(paths, runs, flags, io)
        const [run] = runs
        if (run === undefined || runs.length > 1) return planSeveral(DRIFT, runs, flags, outputs, io)
        checkOutputs(flags, run.files)
        return withOutputs('drift', outputs, io, async (write) => {
          const { drift } = await import('../../operations/operate/drift.ts')
          const mode = modeOptions(flags, run.environment)
          const found = await drift({ ...run.files, ...mode, ...(await brokerOf(run, flags, io)) })
          await attemptEach([
            () => printFileWarnings(found, io),
            () => write((format, style) => renderRun('drift', found, format, style, io.secrets)),
          ])
          return DRIFT.exitCodeOf(found.plan, flags)
        })
      }),
    )
}
