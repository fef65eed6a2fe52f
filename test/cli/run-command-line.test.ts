import { describe, expect, it } from 'vitest'
import type { AddCommand } from '../../src/cli/commands/add-command.ts'
import { runCommandLine } from '../../src/cli/run-command-line.ts'
import { ExitCode } from '../../src/cli/exit-code.ts'
import { silentProcess } from '../builders/silent-io.ts'

const silent = silentProcess()

const addBlocked: AddCommand = (program, _io, exitWith) => {
  program.command('blocked').action(exitWith(() => Promise.resolve(ExitCode.blocked)))
}

const addNested: AddCommand = (program, io, exitWith) => addBlocked(program.command('nested'), io, exitWith)

describe('runCommandLine', () => {
  it('ends with the exit code that the action of the command returns', async () => {
    expect(await runCommandLine(['blocked'], silent, [addBlocked])).toBe(ExitCode.blocked)
  })

  it('ends with the exit code that the action of a subcommand returns', async () => {
    expect(await runCommandLine(['nested', 'blocked'], silent, [addNested])).toBe(ExitCode.blocked)
  })

  it('ends with exit code 0 after help, and with 3 for an unknown command', async () => {
    expect(await runCommandLine(['blocked', '--help'], silent, [addBlocked])).toBe(ExitCode.done)
    expect(await runCommandLine(['unknown'], silent, [addBlocked])).toBe(ExitCode.invalidInput)
  })
})
