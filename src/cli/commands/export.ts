import { existsSync, mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ExportedFile, ExportedFiles } from '../../operations/insight/export.ts'
import type { Command } from 'commander'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { ExitCode } from '../exit-code.ts'
import { oneOf } from '../options/one-of.ts'
import { addSourceOptions, type SourceFlags, sourceOf } from '../options/source-options.ts'
import { readSplitRules } from '../options/split-rules.ts'
import { usageError } from '../options/usage-error.ts'
import type { Io } from '../output/io.ts'
import { makePrivate, READABLE } from '../output/write-file-to.ts'
import type { AddCommand } from './add-command.ts'

const EXAMPLES = `
Examples:
  warren export --live --out topologies
  warren export --from definitions.json --vhost /shop --out topologies
  warren export --live --split teams.yaml --out topologies   # rules that map regular expressions to projects
  warren export --live --single-project shop --out - > topology.yaml

This writes nothing to the broker. It overwrites existing files only with --force.
`

/** The options of commands that write topology files, as commander returns them. */
export interface LayoutFlags {
  readonly out: string
  readonly force?: boolean
  readonly split: string
  readonly singleProject?: string
  readonly fold: string
  readonly passwordHashes?: string
}

interface ExportFlags extends SourceFlags, LayoutFlags {
  readonly includeTransient?: boolean
  readonly includeFramework?: boolean
  readonly inferRoutes?: boolean
}

/** `warren export`: an existing broker as topology files, whose plan is empty. */
export const addExportCommand: AddCommand = (program, io, exitWith) => {
  addLayoutOptions(addSourceOptions(program.command('export')))
    .description('write an existing broker as topology files whose plan is empty')
    .option('--include-transient', 'also export queues that do not survive a restart')
    .option('--include-framework', 'also export objects that frameworks declare')
    .option(
      '--infer-routes',
      'declare subscriptions for the current consumers, and name the publishing users in comments',
    )
    .addHelpText('after', EXAMPLES)
    .action(
      exitWith(async (flags: ExportFlags) => {
        const choices = {
          ...choicesOf(flags),
          includeTransient: flags.includeTransient === true,
          includeFramework: flags.includeFramework === true,
          inferRoutes: flags.inferRoutes === true,
        }
        const { exportFiles } = await import('../../operations/insight/export.ts')
        return writeExport(await exportFiles({ ...(await sourceOf(flags, io)), ...choices }), flags, io)
      }),
    )
}

/** Adds the options of commands that write topology files. */
export function addLayoutOptions(command: Command): Command {
  return command
    .requiredOption('--out <folder>', 'where to write the files, or - for standard output')
    .option('--force', 'replace existing files')
    .option(
      '--split <how>',
      'how to divide objects into projects: prefix, or a file that maps regular expressions to projects',
      'prefix',
    )
    .option('--single-project <name>', 'put all objects into one project, with a file for each vhost')
    .option('--fold <what>', 'known: write short forms of ladders and super streams; none: write plain queues', 'known')
    .option('--password-hashes <file>', 'write password hashes to this file, mode 0600, and refer to them')
}

/** Writes the files, and prints the result of the verification. */
export async function writeExport(exported: ExportedFiles, flags: LayoutFlags, io: Io): Promise<ExitCode> {
  const { verificationText } = await import('../../operations/insight/export.ts')
  const toStdout = flags.out === '-'
  refuseExisting(exported, flags)
  if (toStdout) io.reveal(exported.topologies.map(asDocument).join('---\n'))
  else writeFiles(flags.out, exported, io)
  if (flags.passwordHashes !== undefined) await writeHashes(flags.passwordHashes, exported, io)
  for (const { pattern, project } of exported.unmatchedRules) {
    io.err(
      `${io.errStyle.warn('warning')}  no queue or exchange matches ${pattern.source} of --split, for the project ${project}\n`,
    )
  }
  const { differences } = exported.verification
  const say = toStdout ? io.err : io.out
  say(
    `${countOf(exported.topologies.length, 'file')} of ${countOf(exported.projects.length, 'project')}, ` +
      `${countOf(exported.leftOut.length, 'object')} left out\n${verificationText(exported.verification)}\n`,
  )
  for (const each of differences) io.err(`${each}\n`)
  return differences.length === 0 ? ExitCode.done : ExitCode.unexpected
}

/** Converts the flags to the choices of an export. */
export function choicesOf(flags: LayoutFlags) {
  const fold = oneOf('--fold', flags.fold, ['known', 'none'])
  if (flags.singleProject !== undefined && flags.split !== 'prefix') {
    throw usageError('--split and --single-project exclude each other', 'leave out one of the two')
  }
  return {
    fold: fold === 'known',
    ...(flags.split !== 'prefix' && { rules: readSplitRules(flags.split) }),
    ...(flags.singleProject !== undefined && { singleProject: flags.singleProject }),
    passwordHashes: flags.passwordHashes !== undefined,
  }
}

function asDocument({ path, text }: ExportedFile): string {
  return `# ${path}\n${text}`
}

/** Existing files are replaced only on request, because people may have changed them. */
function refuseExisting({ topologies, others }: ExportedFiles, { out, passwordHashes, force }: LayoutFlags): void {
  if (force === true) return
  const inFolder = out === '-' ? [] : [...topologies, ...others].map(({ path }) => join(out, path))
  const paths = [...inFolder, ...(passwordHashes === undefined ? [] : [passwordHashes])]
  const [first, ...rest] = paths.filter((path) => existsSync(path))
  if (first === undefined) return
  throw usageError(
    `${first} exists already${rest.length > 0 ? `, and ${countOf(rest.length, 'more file')} of this export` : ''}`,
    'write to another folder, or replace the files with --force',
  )
}

function writeFiles(folder: string, { topologies, others }: ExportedFiles, io: Io): void {
  for (const { path, text } of [...topologies, ...others]) {
    const file = join(folder, path)
    mkdirSync(dirname(file), { recursive: true })
    io.rewrite(file, text, READABLE)
  }
}

async function writeHashes(path: string, { hashes }: ExportedFiles, io: Io): Promise<void> {
  const { revealedVariables } = await import('../../operations/insight/export.ts')
  // An existing file keeps its permissions, so other users might read it.
  makePrivate('--password-hashes', path)
  io.rewrite(path, revealedVariables(hashes))
}
