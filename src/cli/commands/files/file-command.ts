import { ExitCode } from '../../exit-code.ts'
import type { TopologyOptions } from '../../../operations/session/options.ts'
import { checkOutputs } from '../../check-outputs.ts'
import { chooseRun } from '../../options/chosen-runs.ts'
import { addTopologyOptions, type TopologyFlags } from '../../options/topology-options.ts'
import { type FileWarnings, printFileWarnings } from '../../output/print-plan.ts'
import { READABLE } from '../../output/write-file-to.ts'
import type { AddCommand } from '../add-command.ts'

/** A command that generates one file from topology files. */
interface FileCommand {
  readonly name: string
  readonly description: string
  readonly examples: string
  /** Whether `--vhost NAME` chooses virtual hosts. Default: it only renames them. */
  readonly choosesVhosts?: true
  /** `out` is the file that will contain the text; absent for stdout. */
  readonly generate: (
    files: TopologyOptions & { readonly onlyVhosts: readonly string[] },
    out?: string,
  ) => Promise<GeneratedFile>
}

interface GeneratedFile extends FileWarnings {
  readonly text: string
  /** Lines about the generated text, for stderr. */
  readonly remarks?: readonly string[]
}

interface FileFlags extends TopologyFlags {
  readonly out?: string
}

/** Makes a command that writes the generated text to the file of `--out` or to stdout, and warnings to stderr. */
export function fileCommand({ name, description, examples, choosesVhosts, generate }: FileCommand): AddCommand {
  return (program, io, exitWith) => {
    addTopologyOptions(program.command(name))
      .description(description)
      .option('--out <file>', 'write to this file instead of stdout')
      .addHelpText('after', examples)
      .action(
        exitWith(async (paths: string[], given: FileFlags) => {
          const { out, vhost = [] } = given
          const onlyVhosts = choosesVhosts ? vhost.filter((each) => !each.includes('=')) : []
          const flags = { ...given, vhost: vhost.filter((each) => !onlyVhosts.includes(each)) }
          const { files } = await chooseRun(paths, flags, io)
          checkOutputs(flags, files)
          const generated = await generate({ ...files, onlyVhosts }, out)
          printFileWarnings(generated, io)
          if (out === undefined) io.out(generated.text)
          else io.file('--out', out, generated.text, READABLE)
          for (const remark of generated.remarks ?? []) io.err(`${remark}\n`)
          return ExitCode.done
        }),
      )
  }
}
