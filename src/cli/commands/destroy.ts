import { addAmqpOption } from '../options/connection/amqp-option.ts'
import { brokerOf, chooseRuns } from '../options/chosen-runs.ts'
import { applySeveral } from '../apply-several.ts'
import { collect } from '../options/collect.ts'
import { ExitCode } from '../exit-code.ts'
import { addBrokerOptions, type BrokerFlags } from '../options/connection/broker-options.ts'
import { addExecuteOptions, inEnvironment, runApply, thenListen, type ExecuteFlags } from '../run-apply.ts'
import { confirmByName, isEnvironmentConfirmed } from '../terminal/confirm.ts'
import { addScopeOptions, type ModeFlags, modeOptions } from '../options/mode-flags.ts'
import type { AddCommand } from './add-command.ts'
import { addTopologyOptions, requireAnswer, type TopologyFlags } from '../options/topology-options.ts'
import { checkOutputs } from '../check-outputs.ts'

const EXAMPLES = `
Examples:
  warren destroy topology.yaml                      # shows what this project owns, and asks for the project's name
  warren destroy topology.yaml --confirm shop       # without asking
  warren destroy topology.yaml --allow delete=queue:%2F/invoices   # this queue with its messages
  warren destroy -e dev --confirm billing --confirm shipping  # all projects of warren.config.yaml

warren deletes only objects that it created for this project in the virtual hosts of the files. To delete adopted objects, queues with messages or consumers, or virtual hosts, allow their addresses.
`

interface DestroyFlags extends TopologyFlags, BrokerFlags, ModeFlags, ExecuteFlags {
  readonly confirm?: readonly string[]
  readonly keepGoing?: boolean
}

/** `warren destroy`: delete the objects that the project owns. */
export const addDestroyCommand: AddCommand = (program, io, exitWith) => {
  addExecuteOptions(
    addScopeOptions(addAmqpOption(addBrokerOptions(addTopologyOptions(program.command('destroy'))))),
    'not enough to destroy: pass --confirm',
  )
    .description('delete what this project owns')
    .option(
      '--confirm <name>',
      'the name of the project, to continue without a question, and of an environment that requires a confirmation; repeatable',
      collect,
    )
    .option(
      '--keep-going',
      'with several runs, continue after a failure, and skip only the steps that refer to missing objects',
    )
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: DestroyFlags) => {
        requireAnswer(paths, flags.confirm !== undefined, '--confirm PROJECT')
        const [run, ...others] = await chooseRuns(paths, flags, io)
        if (run === undefined) return ExitCode.done
        if (others.length > 0) return applySeveral('destroy', [run, ...others], flags, io)
        const { files } = run
        checkOutputs(flags, files)
        if (!isEnvironmentConfirmed(run.environment, flags.confirm, io)) return ExitCode.notConfirmed
        const common = await brokerOf(run, flags, io)
        const mode = modeOptions(flags, run.environment)
        return runApply('destroy', io, inEnvironment(flags, run.environment), common, async (pace, format, listen) => {
          const { destroy } = await import('../../operations/change/apply.ts')
          return destroy({
            ...files,
            ...common,
            ...mode,
            ...pace,
            confirm: thenListen(listen, (planned) => confirmByName(planned, flags, format, io)),
          })
        })
      }),
    )
}
