import { ExitCode } from '../exit-code.ts'
import type { AddCommand } from './add-command.ts'
import { addTopologyOptions, type TopologyFlags, topologyOptions } from '../options/topology-options.ts'
import { printMadeFile } from '../output/print-made-file.ts'
import { checkOutputs } from '../check-outputs.ts'

const EXAMPLES = `
Examples:
  warren types topology.yaml --out src/topology.d.ts
  warren types topologies/ > topology.d.ts
`

interface TypesFlags extends TopologyFlags {
  readonly out?: string
}

/** `warren types`: TypeScript types of publications, subscriptions and their messages. */
export const addTypesCommand: AddCommand = (program, io, exitWith) => {
  addTopologyOptions(program.command('types'))
    .description('write TypeScript types of the publications, subscriptions and their messages')
    .option('--out <file>', 'write to this file instead of stdout')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: TypesFlags) => {
        const { generateTypes } = await import('../../operations/files/generate-types.ts')
        const files = topologyOptions(paths, flags, io)
        checkOutputs(flags, files)
        const made = await generateTypes(files)
        printMadeFile(made, flags, io)
        for (const { route, reason } of made.gaps) {
          io.err(`The messages of "${route}" have no type, since their schema cannot be read as one: ${reason}\n`)
        }
        return ExitCode.done
      }),
    )
}
