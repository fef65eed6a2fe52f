import { attemptEach } from '../output/attempt-each.ts'
import { collect } from '../options/collect.ts'
import { addAmqpOption } from '../options/connection/amqp-option.ts'
import { brokerOf, chooseRuns, type ChosenRun } from '../options/chosen-runs.ts'
import { addBrokerOptions, type BrokerFlags, firstBrokerOption } from '../options/connection/broker-options.ts'
import type { BrokerOptions, DefinitionsOptions } from '../../operations/session/options.ts'
import type { Io } from '../output/io.ts'
import { readOutputs, withOutputs } from '../output/reports.ts'
import { renderRun } from '../output/render-result.ts'
import type { AddCommand } from './add-command.ts'
import type { Planned } from '../../operations/change/plan.ts'
import type { PlannedRun } from '../../operations/workspace/plan-runs.ts'
import { isPlanFolder, requireEmptyFolder, savePlans } from '../output/save-plans.ts'
import { addModeOptions, modeOptions } from '../options/mode-flags.ts'
import { FORMAT_LIST } from '../options/formats.ts'
import { printFileWarnings } from '../output/print-plan.ts'
import { checkDigestOption } from '../digest-option.ts'
import { exitCodeOfLint, planFailOn, planLintOf } from '../options/lint-flags.ts'
import { usageError } from '../options/usage-error.ts'
import { addTopologyOptions } from '../options/topology-options.ts'
import { PLAN, type PlanFlags, planSeveral } from '../plan-several.ts'
import { addAllEnvironmentsOption, addChangedSinceOption } from '../options/workspace-flags.ts'
import { exitCodeOfRuns } from '../exit-code-of-runs.ts'
import { checkOutputs } from '../check-outputs.ts'

const EXAMPLES = `
Examples:
  warren plan topology.yaml
  warren plan topologies/ --overlay prod.yaml --url https://mq.example:15671 --user deploy --password-file pw
  warren plan topology.yaml --detailed-exitcode     # exits with 0: nothing to do, 2: changes pending, 4: blocked
  warren plan topology.yaml --lint                  # also lint findings about the objects that it changes
  warren plan topology.yaml --format diff           # one unified diff, live against desired
  warren plan topology.yaml --against definitions.json  # a file that a broker exported, without a broker
  warren plan topology.yaml --prune --out plan.json # also deletes owned objects; apply it with: warren apply plan.json
  warren plan topology.yaml --show-unmanaged        # also objects that neither these files nor another project manages
  warren plan -e staging -e prod                    # all projects of warren.config.yaml in two environments
  warren plan -e prod --out plans                   # saves all plans; apply exactly these with: warren apply plans
  warren plan --all-environments --changed-since origin/main    # only projects whose files differ from it
  warren plan topology.yaml --migrate queue:%2F/invoices  # replaces this queue and keeps its messages
`

/** `warren plan`: prints what an apply would do. */
export const addPlanCommand: AddCommand = (program, io, exitWith) => {
  addAllEnvironmentsOption(
    addChangedSinceOption(addModeOptions(addAmqpOption(addBrokerOptions(addTopologyOptions(program.command('plan')))))),
  )
    .description('compare topology files with the live broker')
    .option('--against <file>', 'compare with definitions that a broker exported, instead of a broker')
    .option(
      '--show-unmanaged',
      'also list objects that no project owns and no file declares, and the share that is managed',
    )
    .option('--format <format>', FORMAT_LIST, 'text')
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .option('--lint', 'also print the findings of warren lint about the objects that the plan changes')
    .option(
      '--fail-on <severity>',
      'with --lint: exit with 3 for findings of this severity or higher: error, warning or never (default: never)',
    )
    .option('--out <path>', 'save the plan in a file, or the plans of a config in a new folder, for: warren apply PATH')
    .option('--expect-digest <digest>', 'exit with 5 unless the plan has this digest of 64 digits')
    .option('--report <format=path>', 'also write the plan in a format into a file; repeatable', collect)
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: PlanFlags) => {
        await checkDigestOption(flags.expectDigest)
        const outputs = readOutputs(flags, io)
        const runs = await chooseRuns(paths, flags, io)
        const [run] = runs
        if (run === undefined || runs.length > 1) return planSeveral(PLAN, runs, flags, outputs, io)
        const { files } = run
        checkOutputs(flags, files)
        const failOn = planFailOn(flags)
        const isChosenByConfig = run.project !== undefined && flags.project === undefined
        const inFolder = flags.out !== undefined && isPlanFolder(flags.out, { isChosenByConfig })
        if (inFolder) requireEmptyFolder(flags.out)
        return withOutputs('plan', outputs, io, async (write) => {
          const { plan } = await import('../../operations/change/plan.ts')
          const planned = await plan({
            ...files,
            ...modeOptions(flags, run.environment),
            ...(await planLintOf(flags, io)),
            ...(await plannedAgainst(run, flags, io)),
            showUnmanaged: flags.showUnmanaged === true,
          })
          const { out, expectDigest } = flags
          const { checkDigest } = await import('../../operations/change/check-digest.ts')
          await attemptEach([
            () => printFileWarnings(planned, io),
            () => write((format, style) => renderRun('plan', planned, format, style, io.secrets)),
            ...(out === undefined
              ? []
              : [() => (inFolder ? savePlans(out, [plannedRun(run, planned)], io) : savePlan(out, planned, io))]),
            ...(expectDigest === undefined ? [] : [() => checkDigest(planned.plan, expectDigest)]),
          ])
          return exitCodeOfRuns([
            await PLAN.exitCodeOf(planned.plan, flags),
            exitCodeOfLint(planned.lint ?? [], failOn),
          ])
        })
      }),
    )
}

function plannedRun({ environment }: ChosenRun, planned: Planned): PlannedRun {
  return { ...(environment && { environment: environment.name }), project: planned.plan.project, planned }
}

type PlannedAgainst = DefinitionsOptions | BrokerOptions

async function plannedAgainst(run: ChosenRun, flags: PlanFlags, io: Io): Promise<PlannedAgainst> {
  return flags.against === undefined ? brokerOf(run, flags, io) : { against: withoutBroker(flags.against, flags) }
}

/** Options without an effect are a mistake. Connection settings in the environment are allowed. */
function withoutBroker(against: string, flags: BrokerFlags): string {
  const needless = firstBrokerOption(flags)
  if (needless === undefined) return against
  throw usageError(
    `${needless} needs a broker, and --against does not use one`,
    `leave out one of the two: ${needless} or --against`,
  )
}

/** Saves a plan for a later apply. @throws {WarrenError} when it would need a secret that is written in the files */
async function savePlan(path: string, planned: Planned, io: Io): Promise<void> {
  const { formatSavedPlan } = await import('../../operations/saved/saved-files.ts')
  io.file('--out', path, formatSavedPlan(planned))
}
