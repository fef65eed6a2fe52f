import { Command, CommanderError } from 'commander'
import { ExitCode } from './exit-code.ts'
import { packageVersion } from './package-version.ts'
import type { AddCommand, ExitWith } from './commands/add-command.ts'
import { addApplyCommand } from './commands/apply.ts'
import { addBreakingCommand } from './commands/insight/breaking.ts'
import { addBrokerCommand } from './commands/broker.ts'
import { addCompletionCommand } from './commands/completion.ts'
import { addCompileCommand } from './commands/files/compile.ts'
import { addDefinitionsCommand } from './commands/insight/definitions.ts'
import { addDestroyCommand } from './commands/destroy.ts'
import { addDlqCommand } from './commands/dlq.ts'
import { addDoctorCommand } from './commands/doctor.ts'
import { addDocsCommand } from './commands/files/docs.ts'
import { addDriftCommand } from './commands/drift.ts'
import { addExplainCommand } from './commands/files/explain.ts'
import { addExportCommand } from './commands/export.ts'
import { addFmtCommand } from './commands/files/fmt.ts'
import { addLintCommand } from './commands/insight/lint.ts'
import { addOwnersCommand } from './commands/owners.ts'
import { addPlanCommand } from './commands/plan.ts'
import { addReleaseCommand } from './commands/release.ts'
import { addGraphCommand } from './commands/insight/graph.ts'
import { addImportCommand } from './commands/import.ts'
import { addInitCommand } from './commands/files/init.ts'
import { addRenderCommand } from './commands/files/render.ts'
import { addSchemaCommand } from './commands/files/schema.ts'
import { addShowCommand } from './commands/show.ts'
import { addSurveyCommand } from './commands/insight/survey.ts'
import { addTestCommand } from './commands/insight/test.ts'
import { addTraceCommand } from './commands/insight/trace.ts'
import { addTypesCommand } from './commands/files/types.ts'
import { addValidateCommand } from './commands/files/validate.ts'
import type { Io, ProcessIo } from './output/io.ts'
import { maskingIo } from './output/masking-io.ts'
import { printError } from './output/print-error.ts'
import { usageError } from './options/usage-error.ts'

/** All commands of warren by name, in the order of the help. */
export const COMMANDS: Readonly<Record<string, AddCommand>> = {
  validate: addValidateCommand,
  lint: addLintCommand,
  plan: addPlanCommand,
  drift: addDriftCommand,
  doctor: addDoctorCommand,
  show: addShowCommand,
  apply: addApplyCommand,
  destroy: addDestroyCommand,
  owners: addOwnersCommand,
  release: addReleaseCommand,
  survey: addSurveyCommand,
  trace: addTraceCommand,
  test: addTestCommand,
  breaking: addBreakingCommand,
  graph: addGraphCommand,
  docs: addDocsCommand,
  compile: addCompileCommand,
  types: addTypesCommand,
  render: addRenderCommand,
  export: addExportCommand,
  definitions: addDefinitionsCommand,
  import: addImportCommand,
  fmt: addFmtCommand,
  dlq: addDlqCommand,
  broker: addBrokerCommand,
  explain: addExplainCommand,
  schema: addSchemaCommand,
  completion: addCompletionCommand,
  init: addInitCommand,
}

/**
 * Runs one command line. Every path ends with a documented exit code.
 *
 * @param process the process of the command; masked here unless it already is
 * @param commands the commands; default: all commands of warren
 */
export async function runCommandLine(
  args: readonly string[],
  process: ProcessIo | Io,
  commands: Readonly<Record<string, AddCommand>> = COMMANDS,
): Promise<ExitCode> {
  const io = 'secrets' in process ? process : maskingIo(process, args)
  let exitCode: ExitCode = ExitCode.done
  const exitWith: ExitWith =
    (run) =>
    async (...given) => {
      exitCode = await run(...given)
    }
  try {
    await programOf(io, exitWith, neededBy(args, commands)).parseAsync(args, { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) return printError(error, io)
    // Help and version end here too, successfully.
    return error.exitCode === 0 ? ExitCode.done : ExitCode.invalidInput
  }
  return exitCode
}

/**
 * The commands that a command line needs: the one that it starts with, or all if it starts with another word. Adding
 * the options of all commands takes longer than validating a small file.
 */
function neededBy([first = '']: readonly string[], commands: Readonly<Record<string, AddCommand>>): typeof commands {
  if (first === '--version') return {}
  const add = Object.hasOwn(commands, first) ? commands[first] : undefined
  return add === undefined ? commands : { [first]: add }
}

/** Adds `warren help dlq peek`, because commander's own help command reads only the first word. */
function addHelpCommand(program: Command): void {
  program
    .helpCommand(false)
    .command('help')
    .argument('[command...]', 'a command and its subcommand, such as: dlq peek')
    .description('display help for a command')
    .action((names: string[]) => {
      let command = program
      for (const name of names) {
        const next = command.commands.find((each) => each.name() === name)
        if (!next) {
          throw usageError(`there is no command "${names.join(' ')}"`, 'list all commands with: warren help')
        }
        command = next
      }
      command.help()
    })
}

/** Text after an unknown option, such as `--pasword=VALUE` or `-pVALUE`, may be a secret. */
function withoutValue(error: string): string {
  return error.replace(/^(error: unknown option '(?:--[^=\n]*|-[^-\n]))[^]*'/, "$1'")
}

/** The program with its commands, before it has parsed a command line. */
export function programOf(io: Io, exitWith: ExitWith, commands = COMMANDS): Command {
  const program = new Command('warren')
    .description('Topology as code for RabbitMQ: declare exchanges, queues and routes in YAML, plan, apply.')
    .version(packageVersion(), '--version', 'print the version')
    .showSuggestionAfterError()
    .showHelpAfterError('(see --help)')
    .exitOverride()
    .configureOutput({ writeOut: io.out, writeErr: io.err, outputError: (text, write) => write(withoutValue(text)) })
  for (const add of Object.values(commands)) add(program, io, exitWith)
  addHelpCommand(program)
  for (const command of program.commands) command.copyInheritedSettings(program)
  return program
}
