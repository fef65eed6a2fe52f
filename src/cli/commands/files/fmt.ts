import { ExitCode } from '../../exit-code.ts'
import { topologyPaths } from '../../options/topology-options.ts'
import type { AddCommand } from '../add-command.ts'

/** The name of standard input in the results of the operation. */
const SHOWN_INPUT = '<stdin>'

const EXAMPLES = `
Examples:
  warren fmt topologies/
  warren fmt topologies/ --check          # writes nothing, and exits with 2 when a file is not formatted
  warren fmt - < topology.yaml            # writes the formatted text to standard output
`

/** `warren fmt`: canonical order and spelling of topology files, with their comments. */
export const addFmtCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('fmt')
    .argument('[path...]', 'files and folders, - for standard input (default: as for validate)')
    .description('format topology files: canonical order and spelling, with all comments')
    .option('--check', 'write nothing; exit with 2 when a file is not formatted')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (paths: string[], { check = false }: { readonly check?: boolean }) => {
        const { formatFiles } = await import('../../../operations/files/format.ts')
        const files = await formatFiles({ paths: topologyPaths(paths), standardInput: io.readInput })
        const changed = files.filter((file) => file.changed)
        if (check) {
          for (const { path } of changed) io.out(`${path}\n`)
          return changed.length > 0 ? ExitCode.changesPending : ExitCode.done
        }
        for (const { path, text, changed: differs } of files) {
          if (path === SHOWN_INPUT) io.reveal(text)
          else if (differs) {
            io.rewrite(path, text)
            io.out(`${path}\n`)
          }
        }
        return ExitCode.done
      }),
    )
}
