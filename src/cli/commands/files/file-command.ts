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
  /** `out` is the file that the text is written to; absent for stdout. */
  readonly generate: (files: TopologyOptions, out?: string) => Promise<GeneratedFile>
}

interface GeneratedFile extends FileWarnings {
  readonly text: string
  /** Lines about the generated text, for stderr. */
  readonly remarks?: readonly string[]
}

interface FileFlags extends TopologyFlags {
  readonly out?: string
}

/** Makes a command that writes the generated text to the file of `--out`, or else to stdout, and warnings to stderr. */
export function fileCommand({ name, description, examples, generate }: FileCommand): AddCommand {
  return (program, io, exitWith) => {
    addTopologyOptions(program.command(name))
      .description(description)
      .option('--out <file>', 'write to this file instead of stdout')
      .addHelpText('after', examples)
      .action(
        exitWith(async (paths: string[], flags: FileFlags) => {
          const { out } = flags
          const { files } = await chooseRun(paths, flags, io)
          checkOutputs(flags, files)
          const generated = await generate(files, out)
          printFileWarnings(generated, io)
          if (out === undefined) io.out(generated.text)
          else io.file('--out', out, generated.text, READABLE)
          for (const remark of generated.remarks ?? []) io.err(`${remark}\n`)
          return ExitCode.done
        }),
      )
  }
}
