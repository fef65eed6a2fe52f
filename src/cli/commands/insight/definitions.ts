import { countOf } from '../../../diagnostics/text/count-of.ts'
import type { DefinitionsText } from '../../../operations/insight/definitions.ts'
import { checkOutputs } from '../../check-outputs.ts'
import { ExitCode } from '../../exit-code.ts'
import { chooseRun } from '../../options/chosen-runs.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { usageError } from '../../options/usage-error.ts'
import type { Io } from '../../output/io.ts'
import { printFileWarnings } from '../../output/print-plan.ts'
import { makePrivate, READABLE } from '../../output/write-file-to.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren definitions topology.yaml --out definitions.json
  warren definitions topologies/ --overlay prod.yaml --without-users > definitions.json

If the file contains hashes of passwords, or URIs with logins, only its owner can read it.
`

interface DefinitionsFlags extends TopologyFlags {
  readonly out?: string
  readonly withoutUsers?: boolean
}

/** `warren definitions`: the topology as definitions that a new broker loads. */
export const addDefinitionsCommand: AddCommand = (program, io, exitWith) => {
  addTopologyOptions(program.command('definitions'))
    .description("write the topology as RabbitMQ's definitions, which a new broker loads at boot")
    .option('--without-users', 'leave out users and their rights')
    .option('--out <file>', 'write to this file instead of stdout')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: DefinitionsFlags) => {
        const { files } = await chooseRun(paths, flags, io)
        checkOutputs(flags, files)
        const { definitions } = await import('../../../operations/insight/definitions.ts')
        const written = await definitions({ ...files, withoutUsers: flags.withoutUsers === true })
        printFileWarnings(written, io)
        write(written, flags, io)
        for (const line of remarks(written)) io.err(`${line}\n`)
        return ExitCode.done
      }),
    )
}

function write({ json, containsSecrets }: DefinitionsText, { out, withoutUsers }: DefinitionsFlags, io: Io): void {
  if (out === undefined) {
    if (containsSecrets) {
      throw usageError(
        'the definitions contain hashes of passwords, or URIs with logins, which are not printed',
        `write them to a file with --out FILE${withoutUsers === true ? '' : ', or leave users out with --without-users'}`,
      )
    }
    return io.reveal(json.reveal())
  }
  if (!containsSecrets) return io.rewrite(out, json.reveal(), READABLE)
  // An existing file keeps its permissions, so other users might read it.
  makePrivate('--out', out)
  io.rewrite(out, json.reveal())
}

function remarks({ leftOut, withoutPassword }: DefinitionsText): string[] {
  return [
    ...(leftOut.length === 0 ? [] : [`${countOf(leftOut.length, 'object')} left out:`]),
    ...leftOut.map(({ address, reason }) => `  ${address}: ${reason}`),
    ...(withoutPassword.length === 0
      ? []
      : [
          `without a password, because the files declare none: ${withoutPassword.join(', ')}. ` +
            'If a broker already has these users, it removes their passwords when it loads the file.',
        ]),
  ]
}
