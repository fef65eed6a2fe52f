import type { Command } from 'commander'
import type { ExitCode } from '../exit-code.ts'
import type { Io } from '../output/io.ts'

/** Turns the body of a command into an action of commander, and ends the run with the returned exit code. */
export type ExitWith = <Arguments extends unknown[]>(
  run: (...args: Arguments) => Promise<ExitCode>,
) => (...args: Arguments) => Promise<void>

/** Adds a command to the program. */
export type AddCommand = (program: Command, io: Io, exitWith: ExitWith) => void
