import { usageError } from '../options/usage-error.ts'
import { collect } from '../options/collect.ts'
import type { ImportFormat } from '../../operations/insight/import.ts'
import type { AddCommand } from './add-command.ts'
import { addLayoutOptions, choicesOf, type LayoutFlags, writeExport } from './export.ts'

const EXAMPLES = `
Examples:
  warren import definitions definitions.json --out topologies
  warren import rascal config.json --single-project shop --out topologies

EXPORT.md lists everything that the files cannot declare, with the reasons.
`

interface ImportFlags extends LayoutFlags {
  readonly vhost?: readonly string[]
}

/** `warren import definitions|rascal`: files of other formats as topology files. */
export const addImportCommand: AddCommand = (program, io, exitWith) => {
  const parent = program
    .command('import')
    .description('turn definitions of a broker, or a config of rascal, into topology files')
    .addHelpText('after', EXAMPLES)
    .action(() => {
      throw usageError(
        'the command does not say what to import',
        'warren import definitions FILE, or warren import rascal FILE',
      )
    })
  const add = (format: ImportFormat, description: string): void => {
    addLayoutOptions(parent.command(format).argument('<file>', 'the file to import'))
      .description(description)
      .option('--vhost <name>', 'import only this vhost; repeatable (default: all)', collect)
      .action(
        exitWith(async (from: string, flags: ImportFlags) => {
          const { importFiles } = await import('../../operations/insight/import.ts')
          const onlyVhosts = flags.vhost && { onlyVhosts: flags.vhost }
          const imported = await importFiles({ format, from, ...onlyVhosts, ...choicesOf(flags), secrets: io.secrets })
          const code = await writeExport(imported, flags, io)
          for (const { address, reason } of imported.leftOut) io.err(`left out ${address}: ${reason}\n`)
          return code
        }),
      )
  }
  add('definitions', 'turn the definitions of a broker into topology files')
  add('rascal', 'turn a config of rascal, as JSON, into topology files')
}
