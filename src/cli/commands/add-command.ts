import type { Command } from 'commander'
import type { ExitCode } from '../../diagnostics/exit-code.ts'
import type { Io } from '../output/io.ts'

/** Adds a command to the program; `end` takes the exit code that it comes to. */
export type AddCommand = (program: Command, io: Io, end: (code: ExitCode) => void) => void
