import { existsSync, mkdirSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Workflow } from '../../../operations/files/init/starter-files.ts'
import { ExitCode } from '../../exit-code.ts'
import { addBrokerOptions, type BrokerFlags } from '../../options/connection/broker-options.ts'
import { collect } from '../../options/collect.ts'
import { oneOf } from '../../options/one-of.ts'
import { sourceOf } from '../../options/source-options.ts'
import { usageError } from '../../options/usage-error.ts'
import type { Io } from '../../output/io.ts'
import { READABLE } from '../../output/write-file-to.ts'
import type { AddCommand } from '../add-command.ts'

const EXAMPLES = `
Examples:
  warren init                                       # asks for the project's name and for the pipeline
  warren init topologies --project shop --workflow github --yes
  warren init topologies --from-broker --workflow github   # from an existing broker, like warren export

Existing files are kept.
`

interface InitFlags extends BrokerFlags {
  readonly fromBroker?: boolean
  readonly vhost?: readonly string[]
  readonly project?: string
  readonly workflow?: string
  readonly yes?: boolean
}

/** `warren init`: a first topology, config and pipeline. */
export const addInitCommand: AddCommand = (program, io, exitWith) => {
  addBrokerOptions(
    program
      .command('init')
      .argument('[folder]', 'where to write the files', '.')
      .description('write a first topology, its config and a pipeline')
      .option('--from-broker', 'export an existing broker instead of writing an example; reads only')
      .option('--vhost <name>', 'with --from-broker, only this vhost; repeatable (default: all)', collect)
      .option('--project <name>', "the project's name (default: the folder's name, or one for each group of a broker)")
      .option('--workflow <service>', 'the pipeline: github, gitlab or none')
      .option('-y, --yes', 'use the defaults without asking'),
  )
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (folder: string, flags: InitFlags) => {
        const { init, initFromExport, WORKFLOWS } = await import('../../../operations/files/init/starter-files.ts')
        const asks = io.interactive && flags.yes !== true
        if (flags.fromBroker !== true) refuseBroker(flags)
        const where = folder === '.' ? '' : ` (in ${folder})`
        if (flags.fromBroker === true) {
          const workflow = await workflowOf(flags, asks, io, WORKFLOWS)
          const { files, text, verified } = await exported(flags, io)
          for (const each of initFromExport(files, workflow)) writeNew(join(folder, each.path), each.text, io)
          io.out(`${text}\nNext: read EXPORT.md, then warren plan${where}\n`)
          return verified ? ExitCode.done : ExitCode.unexpected
        }
        const name = basename(resolve(folder))
        const project = flags.project ?? (asks ? await answer(`Name of the project [${name}]: `, name, io) : name)
        const workflow = await workflowOf(flags, asks, io, WORKFLOWS)
        for (const { path, text } of init({ project, workflow })) writeNew(join(folder, path), text, io)
        io.out(`Next: warren validate${where}\n`)
        return ExitCode.done
      }),
    )
}

async function workflowOf(
  { workflow }: InitFlags,
  asks: boolean,
  io: Io,
  known: readonly Workflow[],
): Promise<Workflow> {
  const given = workflow ?? (asks ? await answer('Pipeline: github, gitlab or none [none]: ', 'none', io) : 'none')
  return oneOf('--workflow', given, known)
}

/** The files that `warren export --live` writes with its defaults. */
async function exported({ project, ...flags }: InitFlags, io: Io) {
  const { exportFiles, verificationText } = await import('../../../operations/insight/export.ts')
  const { topologies, others, verification } = await exportFiles({
    ...(await sourceOf({ ...flags, live: true }, io)),
    ...(project !== undefined && { singleProject: project }),
    fold: true,
    includeTransient: false,
    includeFramework: false,
    inferRoutes: false,
    passwordHashes: false,
  })
  return {
    files: [...topologies, ...others],
    text: [verificationText(verification), ...verification.differences].join('\n'),
    verified: verification.differences.length === 0,
  }
}

/** An option of the connection without `--from-broker` is a mistake. */
function refuseBroker({ url, user, vhost }: InitFlags): void {
  const given = Object.entries({ '--url': url, '--user': user, '--vhost': vhost }).find(
    ([, value]) => value !== undefined,
  )
  if (given) throw usageError(`${given[0]} has no effect without --from-broker`, 'add --from-broker, or leave it out')
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
