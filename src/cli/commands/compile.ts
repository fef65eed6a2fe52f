import { ExitCode } from '../exit-code.ts'
import type { AddCommand } from './add-command.ts'
import { addTopologyOptions, type TopologyFlags, topologyOptions } from '../options/topology-options.ts'
import { printMadeFile } from '../output/print-made-file.ts'
import { checkOutputs } from '../check-outputs.ts'

const EXAMPLES = `
Examples:
  warren compile topology.yaml --out topology.json
  warren compile topologies/ > topology.json
`

interface CompileFlags extends TopologyFlags {
  readonly out?: string
}

/** `warren compile`: the checked topology as one JSON file for the runtime. */
export const addCompileCommand: AddCommand = (program, io, exitWith) => {
  addTopologyOptions(program.command('compile'))
    .description('write the checked topology as one JSON file, which the runtime loads quickly')
    .option('--out <file>', 'write to this file instead of stdout')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: CompileFlags) => {
        const { compile } = await import('../../operations/files/compile.ts')
        const files = topologyOptions(paths, flags, io)
        checkOutputs(flags, files)
        printMadeFile(await compile(files), flags, io)
        return ExitCode.done
      }),
    )
}
