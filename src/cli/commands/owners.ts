import { ExitCode } from '../exit-code.ts'
import { brokerOf, chooseEnvironment } from '../options/chosen-runs.ts'
import { addEnvironmentOptions, type WorkspaceFlags } from '../options/workspace-flags.ts'
import { addBrokerOptions, type BrokerFlags } from '../options/connection/broker-options.ts'
import { oneOf } from '../options/one-of.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren owners                                     # the owners of all objects on the broker
  warren owners 'queue:%2F/*'                       # the queues of the vhost "/"
  warren owners queue:%2F/invoices --format json
`

interface OwnersFlags extends BrokerFlags, WorkspaceFlags {
  readonly format: string
}

/** `warren owners`: list owners from the records on the broker. */
export const addOwnersCommand: AddCommand = (program, io, exitWith) => {
  addEnvironmentOptions(
    addBrokerOptions(
      program.command('owners').argument('[addresses...]', 'addresses, or globs over them; default: all'),
    ),
  )
    .description('list which project owns each object')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (addresses: string[], flags: OwnersFlags) => {
        const format = oneOf('--format', flags.format, ['text', 'json'])
        const { owners } = await import('../../operations/ownership/owners.ts')
        const { ownersText } = await import('../../render/owners-text.ts')
        const found = await owners({ ...(await brokerOf(await chooseEnvironment(flags, io), flags, io)), addresses })
        io.out(
          format === 'json'
            ? `${JSON.stringify({ format: 1, owners: found }, undefined, 2)}\n`
            : ownersText(found, io.outStyle),
        )
        return ExitCode.done
      }),
    )
}
