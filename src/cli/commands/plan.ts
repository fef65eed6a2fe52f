import { ExitCode } from '../../diagnostics/exit-code.ts'
import type { Plan } from '../../plan/plan.ts'
import { addBrokerOptions, type BrokerFlags, brokerOptions } from '../broker-options.ts'
import type { AddCommand } from '../run-command-line.ts'
import { oneOf } from '../one-of.ts'
import { printPlan } from '../print-plan.ts'
import { usageError } from '../usage-error.ts'
import { addTopologyOptions, type TopologyFlags, topologyOptions } from '../topology-options.ts'

const EXAMPLES = `
Examples:
  warren plan topology.yaml
  warren plan topologies/ --overlay prod.yaml --url https://mq.example:15671 --user deploy --password-file pw
  warren plan topology.yaml --detailed-exitcode     # 0: nothing to do, 2: changes pending, 4: blocked
  warren plan topology.yaml --format diff           # one unified diff, live against desired
  warren plan topology.yaml --against definitions.json  # a file that a broker exported, without a broker
`

interface PlanFlags extends TopologyFlags, BrokerFlags {
  readonly format: string
  readonly detailedExitcode?: boolean
  readonly against?: string
}

/** `warren plan`: what would be done, without doing it. */
export const addPlanCommand: AddCommand = (program, io, end) => {
  addBrokerOptions(addTopologyOptions(program.command('plan')))
    .description('compare topology files with the live broker')
    .option('--against <file>', 'compare with definitions that a broker exported, instead of a broker')
    .option('--format <format>', 'text, diff or json', 'text')
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: PlanFlags) => {
      const format = oneOf('--format', flags.format, ['text', 'diff', 'json'])
      const files = topologyOptions(paths, flags, io)
      const other =
        flags.against === undefined ? brokerOptions(flags, io) : { against: withoutBroker(flags.against, flags) }
      const { plan } = await import('../../verbs/plan.ts')
      const planned = await plan({ ...files, ...other })
      await printPlan(planned, format, io)
      end(exitCodeOf(planned.plan, flags.detailedExitcode === true))
    })
}

/** Options that nothing would look at are a mistake. What the environment says of a broker may well stay. */
function withoutBroker(against: string, { url, user, passwordFile, wait }: BrokerFlags): string {
  const given = Object.entries({ '--url': url, '--user': user, '--password-file': passwordFile, '--wait': wait })
  const needless = given.find(([, value]) => value !== undefined)?.[0]
  if (needless === undefined) return against
  throw usageError(
    `${needless} makes no sense with --against, which asks no broker`,
    `leave out one of the two: ${needless} or --against`,
  )
}

function exitCodeOf({ changes, blocks }: Plan, detailed: boolean): ExitCode {
  if (blocks.length > 0) return ExitCode.blocked
  return detailed && changes.length > 0 ? ExitCode.changesPending : ExitCode.done
}
