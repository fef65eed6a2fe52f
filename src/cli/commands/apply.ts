import { addChangedSinceOption } from '../options/workspace-flags.ts'
import type { AddCommand } from './add-command.ts'
import { addAmqpOption } from '../options/connection/amqp-option.ts'
import { addExecuteOptions, inEnvironment, runApply, thenListen } from '../run-apply.ts'
import { brokerOf, chooseRuns, chooseSavedRun } from '../options/chosen-runs.ts'
import { applySeveral } from '../apply-several.ts'
import { collect } from '../options/collect.ts'
import { ExitCode } from '../exit-code.ts'
import { addBrokerOptions } from '../options/connection/broker-options.ts'
import { confirmByYes, isEnvironmentConfirmed } from '../terminal/confirm.ts'
import type { Io } from '../output/io.ts'
import { addModeOptions, type ModeFlags, modeOptions } from '../options/mode-flags.ts'
import { addTopologyOptions, requireAnswer } from '../options/topology-options.ts'
import { applySavedRuns, type SavedRunsFlags } from '../apply-saved-runs.ts'
import { planFolderAt } from '../output/save-plans.ts'
import { checkDigestOption } from '../digest-option.ts'
import { firstGiven, usageError } from '../options/usage-error.ts'
import { checkOutputs } from '../check-outputs.ts'

const EXAMPLES = `
Examples:
  warren apply topology.yaml                        # plans, shows, asks, applies
  jsonnet topology.jsonnet | warren apply - -y      # - is standard input, YAML or JSON
  warren apply topologies/ --auto-approve --wait 60s
  warren apply plan.json                            # a plan saved by: warren plan --out plan.json
  warren apply plans --confirm prod                 # the plans of a folder, saved by: warren plan -e prod --out plans
  warren apply plan.json --expect-digest DIGEST     # only the plan that was reviewed: the last line of "warren show"
  warren apply topology.yaml --prune                # also deletes objects that this project owns and no longer declares
  warren apply topology.yaml --migrate queue:%2F/invoices   # replaces this queue and keeps its messages
  warren apply topology.yaml --migrate 'queue:*' --batch 4  # the same for all queues that need it, four at a time
  warren apply topology.yaml --vhost /shop=/shop-pr-17
  warren apply -e staging -e prod                   # all projects of warren.config.yaml, one environment after the other

A plan with a step that would lose messages, consumers or bindings is blocked until you allow that step by its address.
The first Ctrl-C or SIGTERM stops at a safe point, or within seconds if the broker does not answer. The next apply
continues from there.
`

interface ApplyFlags extends SavedRunsFlags, ModeFlags {
  readonly keepGoing?: boolean
}

/** `warren apply`: plan, show, ask, execute; or execute a saved plan. */
export const addApplyCommand: AddCommand = (program, io, exitWith) => {
  addChangedSinceOption(
    addExecuteOptions(addModeOptions(addAmqpOption(addBrokerOptions(addTopologyOptions(program.command('apply')))))),
  )
    .description('make the broker match the topology files, or execute a saved plan')
    .option(
      '--expect-digest <digest>',
      'do nothing and exit with 5 unless the plan or saved plan has this digest of 64 digits',
    )
    .option('--confirm <name>', 'the name of an environment that requires a confirmation; repeatable', collect)
    .option(
      '--keep-going',
      'with several runs, continue after a failure, and skip only the steps that refer to missing objects',
    )
    .option('--batch <count>', 'the most queues that are migrated or renamed at the same time (default: 10)')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: ApplyFlags) => {
        await checkDigestOption(flags.expectDigest)
        requireAnswer(paths, flags.autoApprove === true, '--auto-approve')
        const folder = planFolderAt(paths)
        if (folder !== undefined) {
          refuseForSaved(flags)
          return applySavedRuns(folder, flags, io)
        }
        const saved = await savedPlanAt(paths, io)
        if (saved !== undefined) {
          refuseForSaved(flags)
          checkOutputs(flags, { paths })
          const run = await chooseSavedRun(saved, flags, io)
          if (!isEnvironmentConfirmed(run.environment, flags.confirm, io)) return ExitCode.notConfirmed
          const common = await brokerOf(run, flags, io)
          const { variables = {}, environment = {} } = run.files
          return runApply('apply', io, inEnvironment(flags, run.environment), common, async (pace, _format, listen) => {
            listen()
            const { applySaved } = await import('../../operations/saved/apply-saved.ts')
            const { expectDigest } = flags
            return applySaved({
              ...common,
              ...pace,
              saved,
              variables,
              environment,
              ...(expectDigest !== undefined && { expectDigest }),
            })
          })
        }
        const runs = await chooseRuns(paths, flags, io)
        const [run] = runs
        if (run === undefined || runs.length > 1) return applySeveral('apply', runs, flags, io)
        const { files } = run
        checkOutputs(flags, files)
        if (!isEnvironmentConfirmed(run.environment, flags.confirm, io)) return ExitCode.notConfirmed
        const common = await brokerOf(run, flags, io)
        const mode = modeOptions(flags, run.environment)
        return runApply('apply', io, inEnvironment(flags, run.environment), common, async (pace, format, listen) => {
          const { apply } = await import('../../operations/change/apply.ts')
          return apply({
            ...files,
            ...common,
            ...mode,
            ...pace,
            ...(flags.expectDigest !== undefined && { expectDigest: flags.expectDigest }),
            confirm: thenListen(listen, (planned) => confirmByYes(planned, flags.autoApprove === true, format, io)),
          })
        })
      }),
    )
}

async function savedPlanAt(paths: readonly string[], io: Io) {
  const [path, ...others] = paths
  if (path === undefined || others.length > 0) return undefined
  const { savedPlanIn } = await import('../../operations/change/show.ts')
  return savedPlanIn(path, io.readInput)
}

/** The effects of a saved plan were decided when it was made. */
function refuseForSaved(flags: ApplyFlags): void {
  const {
    prune,
    adopt,
    allow,
    migrate,
    skipUnsuitable,
    rebind,
    maxDeletes,
    target,
    exclude,
    overlay,
    vhost,
    changedSince,
  } = flags
  const needless = firstGiven({
    '--prune': prune,
    '--adopt': adopt,
    '--allow': allow,
    '--migrate': migrate,
    '--skip-unsuitable': skipUnsuitable,
    '--rebind': rebind,
    '--max-deletes': maxDeletes,
    '--target': target,
    '--exclude': exclude,
    '--overlay': overlay,
    '--vhost': vhost,
    '--changed-since': changedSince,
  })
  if (needless === undefined) return
  throw usageError(
    `${needless} has no effect on a saved plan, which already contains all changes`,
    `plan again with ${needless}, or apply the files`,
  )
}
