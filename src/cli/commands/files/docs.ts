import { ExitCode } from '../../exit-code.ts'
import { checkOutputs } from '../../check-outputs.ts'
import { chooseRun } from '../../options/chosen-runs.ts'
import { oneOf } from '../../options/one-of.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { READABLE } from '../../output/write-file-to.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren docs topology.yaml > TOPOLOGY.md           # a Markdown reference with a picture for each owner
  warren docs topologies/ --format asyncapi --out asyncapi.json
`

interface DocsFlags extends TopologyFlags {
  readonly format: string
  readonly out?: string
}

/** `warren docs`: a reference of the topology. */
export const addDocsCommand: AddCommand = (program, io, exitWith) => {
  addTopologyOptions(program.command('docs'))
    .description('write a reference of queues, exchanges, routes and messages as Markdown, or an AsyncAPI 3 document')
    .option('--format <format>', 'markdown or asyncapi', 'markdown')
    .option('--out <file>', 'write to this file instead of stdout')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], flags: DocsFlags) => {
        const format = oneOf('--format', flags.format, ['markdown', 'asyncapi'])
        const { files } = await chooseRun(paths, flags, io)
        checkOutputs(flags, files)
        const { docs } = await import('../../../operations/pictures/docs.ts')
        const documented = await docs(files)
        const { formatDocs } = await import('../../../render/formats/format-docs.ts')
        const text = formatDocs(documented, { format })
        if (flags.out === undefined) io.out(text)
        else io.file('--out', flags.out, text, READABLE)
        return ExitCode.done
      }),
    )
}
