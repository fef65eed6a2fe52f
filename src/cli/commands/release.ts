import { ExitCode } from '../exit-code.ts'
import { addAmqpOption } from '../options/connection/amqp-option.ts'
import { brokerOf, chooseEnvironment } from '../options/chosen-runs.ts'
import { addEnvironmentOptions, type WorkspaceFlags } from '../options/workspace-flags.ts'
import { addBrokerOptions, type BrokerFlags } from '../options/connection/broker-options.ts'
import type { Style } from '../../render/words/style.ts'
import { confirmShown } from '../terminal/confirm.ts'
import { oneOf } from '../options/one-of.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren release queue:%2F/invoices                 # shows who owns it, asks, and gives the ownership up
  warren release 'queue:acme/*' 'binding:acme/*' --project shop --auto-approve

The objects are not touched. An object that the files of a project still declare is adopted by its next apply.
`

interface ReleaseFlags extends BrokerFlags, Omit<WorkspaceFlags, 'project'> {
  readonly format: string
  readonly project?: string
  readonly autoApprove?: boolean
}

/** `warren release`: give up ownership without a new owner. */
export const addReleaseCommand: AddCommand = (program, io, exitWith) => {
  const command = program.command('release').argument('<addresses...>', 'addresses, or globs over them')
  addEnvironmentOptions(addAmqpOption(addBrokerOptions(command)))
    .description('give up ownership of objects without touching them')
    .option(
      '--project <name>',
      'the project that gives up ownership; needed when several projects own matching objects',
    )
    .option('-y, --auto-approve', 'continue without asking')
    .option('--format <format>', 'text or json', 'text')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (addresses: string[], flags: ReleaseFlags) => {
        const format = oneOf('--format', flags.format, ['text', 'json'])
        const { project, ...others } = flags
        const broker = await brokerOf(await chooseEnvironment(others, io), others, io)
        const { release } = await import('../../operations/ownership/release.ts')
        const { ownersText } = await import('../../render/owners-text.ts')
        const { released, withoutOwner, notConfirmed } = await release({
          ...broker,
          addresses,
          ...(project !== undefined && { project }),
          confirm: async (owned) => {
            const text = (style: Style) => ownersText(owned, style)
            const how = 'pass --auto-approve to release without asking'
            const prompt = `Release ${owned.length} of these? Only "yes" confirms: `
            return confirmShown({ text, prompt, approved: flags.autoApprove === true, format, how, answer: 'yes' }, io)
          },
        })
        if (notConfirmed) io.err('Nothing was done.\n')
        else if (format === 'json') io.out(`${JSON.stringify({ format: 1, released, withoutOwner }, undefined, 2)}\n`)
        else {
          for (const each of withoutOwner)
            io.out(
              `${each.includes('*') ? `Everything that matches ${each}` : each} has no owner; there is nothing to release.\n`,
            )
          if (released.length > 0) io.out(`Released ${released.length}\n`)
        }
        return notConfirmed ? ExitCode.notConfirmed : ExitCode.done
      }),
    )
}
