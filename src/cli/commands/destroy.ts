import { addAmqpOption, amqpOption } from '../options/amqp-option.ts'
import { addBrokerOptions, type BrokerFlags, brokerOptions } from '../options/broker-options.ts'
import { addExecuteOptions, runApply, type ExecuteFlags } from '../run-apply.ts'
import { confirmByName } from '../terminal/confirm.ts'
import { addScopeOptions, type ModeFlags, modeOptions } from '../options/mode-flags.ts'
import type { AddCommand } from './add-command.ts'
import { addTopologyOptions, requireAnswer, type TopologyFlags, topologyOptions } from '../options/topology-options.ts'
import { checkOutputs } from '../check-outputs.ts'

const EXAMPLES = `
Examples:
  warren destroy topology.yaml                      # shows what this project owns, and asks for the project's name
  warren destroy topology.yaml --confirm shop       # without asking
  warren destroy topology.yaml --allow delete=queue:%2F/invoices   # this queue with its messages

Only what warren made for this project in the virtual hosts of the files is deleted. What was there before, and queues with
messages or consumers, have to be allowed by address; so has a virtual host.
`

interface DestroyFlags extends TopologyFlags, BrokerFlags, ModeFlags, ExecuteFlags {
  readonly confirm?: string
}

/** `warren destroy`: delete the objects that the project owns. */
export const addDestroyCommand: AddCommand = (program, io, exitWith) => {
  addExecuteOptions(
    addScopeOptions(addAmqpOption(addBrokerOptions(addTopologyOptions(program.command('destroy'))))),
    'does not confirm a destroy: give --confirm',
  )
    .description('delete what this project owns')
    .option('--confirm <project>', "confirm with the project's name instead of answering the question")
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: DestroyFlags) => {
        requireAnswer(paths, flags.confirm !== undefined, '--confirm PROJECT')
        const files = topologyOptions(paths, flags, io)
        checkOutputs(flags, files)
        const broker = brokerOptions(flags, io)
        const common = { ...broker, ...amqpOption(flags, broker, io) }
        const mode = modeOptions(flags)
        return runApply('destroy', io, flags, common, async (pace, format, listen) => {
          const { destroy } = await import('../../operations/change/apply.ts')
          return destroy({
            ...files,
            ...common,
            ...mode,
            ...pace,
            confirm: async (planned) => {
              const confirmed = await confirmByName(planned, flags, format, io)
              if (confirmed) listen()
              return confirmed
            },
          })
        })
      }),
    )
}
