import { Argument } from 'commander'
import type { SchemaName } from '../../../operations/files/topology-schema.ts'
import { ExitCode } from '../../exit-code.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren schema > topology.schema.json
  warren schema templates > templates.schema.json
  # and as the first line of a topology file:
  # yaml-language-server: $schema=./topology.schema.json
  # or, where warren is installed:
  # yaml-language-server: $schema=./node_modules/warren/schemas/topology.schema.json
`

const KINDS: readonly SchemaName[] = ['topology', 'config', 'templates', 'tests']

/** `warren schema`: the JSON Schemas of topology files, configs, files of templates and files of tests, for editors. */
export const addSchemaCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('schema')
    .addArgument(new Argument('[kind]', 'the kind of file').choices(KINDS).default('topology'))
    .description('print the JSON Schema of topology files, configs, template files or test files, for editors')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (kind: SchemaName) => {
        const { topologySchema } = await import('../../../operations/files/topology-schema.ts')
        io.out(await topologySchema(kind))
        return ExitCode.done
      }),
    )
}
