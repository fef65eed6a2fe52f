import { describe, expect, it } from 'vitest'
import type { AddCommand } from '../../src/cli/commands/add-command.ts'
import { COMMANDS, programOf, runCommandLine } from '../../src/cli/run-command-line.ts'
import { ExitCode } from '../../src/cli/exit-code.ts'
import { silentIo, silentProcess } from '../builders/silent-io.ts'

const silent = silentProcess()

const addBlocked: AddCommand = (program, _io, exitWith) => {
  program.command('blocked').action(exitWith(() => Promise.resolve(ExitCode.blocked)))
}

const addNested: AddCommand = (program, io, exitWith) => addBlocked(program.command('nested'), io, exitWith)

describe('runCommandLine', () => {
  it('ends with the exit code that the action of the command returns', async () => {
    expect(await runCommandLine(['blocked'], silent, { blocked: addBlocked })).toBe(ExitCode.blocked)
  })

  it('ends with the exit code that the action of a subcommand returns', async () => {
    expect(await runCommandLine(['nested', 'blocked'], silent, { nested: addNested })).toBe(ExitCode.blocked)
  })

  it('ends with exit code 0 after help, and with 3 for an unknown command', async () => {
    expect(await runCommandLine(['blocked', '--help'], silent, { blocked: addBlocked })).toBe(ExitCode.done)
    expect(await runCommandLine(['unknown'], silent, { blocked: addBlocked })).toBe(ExitCode.invalidInput)
  })

  it.each([
    { args: ['blocked', '--help'], added: ['blocked'] },
    { args: ['--version'], added: [] },
    { args: ['--help'], added: ['blocked', 'nested'] },
    { args: ['constructor'], added: ['blocked', 'nested'] },
  ])('adds the options of the commands that $args needs, and of no others', async ({ args, added }) => {
    const names: string[] = []
    const commands = Object.entries({ blocked: addBlocked, nested: addNested }).map(
      ([name, add]): [string, AddCommand] => [
        name,
        (...given) => {
          names.push(name)
          add(...given)
        },
      ],
    )
    await runCommandLine(args, silent, Object.fromEntries(commands))

    expect(names).toEqual(added)
  })
})

describe('COMMANDS', () => {
  it('has each command under its name', () => {
    for (const [name, add] of Object.entries(COMMANDS)) {
      const program = programOf(silentIo(), () => () => Promise.resolve(), { [name]: add })
      expect(program.commands.map((command) => command.name())).toContain(name)
    }
  })
})
