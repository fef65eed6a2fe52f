import { ExitCode } from '../exit-code.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren schema > topology.schema.json
  # and as the first line of a topology file:
  # yaml-language-server: $schema=./topology.schema.json
  # or, where warren is installed:
  # yaml-language-server: $schema=./node_modules/warren/schemas/topology.schema.json
`

/** `warren schema`: the JSON Schema of topology files, for editors. */
export const addSchemaCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('schema')
    .description('print the JSON Schema of topology files, for editors')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async () => {
        const { topologySchema } = await import('../../operations/files/topology-schema.ts')
        io.out(await topologySchema())
        return ExitCode.done
      }),
    )
}
