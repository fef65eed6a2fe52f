import { ExitCode } from '../../diagnostics/exit-code.ts'
import type { Plan } from '../../plan/plan.ts'
import { addBrokerOptions, type BrokerFlags, brokerOptions } from '../broker-options.ts'
import type { AddCommand } from '../run-command-line.ts'
import { oneOf } from '../one-of.ts'
import { printPlan } from '../print-plan.ts'
import { addTopologyOptions, type TopologyFlags, topologyOptions } from '../topology-options.ts'

const EXAMPLES = `
Examples:
  warren plan topology.yaml
  warren plan topologies/ --overlay prod.yaml --url https://mq.example:15671 --user deploy --password-file pw
  warren plan topology.yaml --detailed-exitcode     # 0: nothing to do, 2: changes pending, 4: blocked
  warren plan topology.yaml --format diff           # one unified diff, live against desired
`

interface PlanFlags extends TopologyFlags, BrokerFlags {
  readonly format: string
  readonly detailedExitcode?: boolean
}

/** `warren plan`: what would be done, without doing it. */
export const addPlanCommand: AddCommand = (program, io, end) => {
  addBrokerOptions(addTopologyOptions(program.command('plan')))
    .description('compare topology files with the live broker')
    .option('--format <format>', 'text, diff or json', 'text')
    .option('--detailed-exitcode', 'exit with 2 when there are changes')
    .addHelpText('after', EXAMPLES)
    .action(async (paths: string[], flags: PlanFlags) => {
      const format = oneOf('--format', flags.format, ['text', 'diff', 'json'])
      const options = { ...topologyOptions(paths, flags, io), ...brokerOptions(flags, io) }
      const { plan } = await import('../../verbs/plan.ts')
      const planned = await plan(options)
      await printPlan(planned, format, io)
      end(exitCodeOf(planned.plan, flags.detailedExitcode === true))
    })
}

function exitCodeOf({ changes, blocks }: Plan, detailed: boolean): ExitCode {
  if (blocks.length > 0) return ExitCode.blocked
  return detailed && changes.length > 0 ? ExitCode.changesPending : ExitCode.done
}
