import { existsSync, mkdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Workflow } from '../../../operations/files/init/starter-files.ts'
import { ExitCode } from '../../exit-code.ts'
import { oneOf } from '../../options/one-of.ts'
import type { Io } from '../../output/io.ts'
import { READABLE } from '../../output/write-file-to.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren init                                       # asks for the project's name and for the pipeline
  warren init topologies --project shop --workflow github --yes

Existing files are kept as they are.
`

interface InitFlags {
  readonly project?: string
  readonly workflow?: string
  readonly yes?: boolean
}

/** `warren init`: a first topology, config and pipeline. */
export const addInitCommand: AddCommand = (program, io, exitWith) => {
  program
    .command('init')
    .argument('[folder]', 'where to write the files', '.')
    .description('write a first topology, its config and a pipeline')
    .option('--project <name>', "the project's name (default: the folder's name)")
    .option('--workflow <service>', 'the pipeline: github, gitlab or none')
    .option('-y, --yes', 'ask nothing: take the defaults')
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (folder: string, flags: InitFlags) => {
        const { init, WORKFLOWS } = await import('../../../operations/files/init/starter-files.ts')
        const asks = io.interactive && flags.yes !== true
        const name = basename(resolve(folder))
        const project = flags.project ?? (asks ? await answer(`Name of the project [${name}]: `, name, io) : name)
        const service =
          flags.workflow ?? (asks ? await answer('Pipeline: github, gitlab or none [none]: ', 'none', io) : 'none')
        const workflow: Workflow = oneOf('--workflow', service, WORKFLOWS)
        for (const { path, text } of init({ project, workflow })) writeNew(join(folder, path), text, io)
        io.out(`Next: warren validate${folder === '.' ? '' : ` (in ${folder})`}\n`)
        return ExitCode.done
      }),
    )
}

async function answer(question: string, otherwise: string, io: Io): Promise<string> {
  const given = (await io.ask(question)).trim()
  return given === '' ? otherwise : given
}

function writeNew(path: string, text: string, io: Io): void {
  if (existsSync(path)) {
    io.out(`kept     ${path}, which exists\n`)
    return
  }
  mkdirSync(dirname(path), { recursive: true })
  io.file('init', path, text, READABLE)
  io.out(`written  ${path}\n`)
}
