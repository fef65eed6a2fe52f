#!/usr/bin/env node
import { readEnvironment } from './environment.ts'
import { processIo } from './io.ts'
import { printError } from './print-error.ts'
import { runCommandLine } from './run-command-line.ts'

// A reader that stops reading (`warren plan | head`) is no error of warren's.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

const io = processIo(readEnvironment())
try {
  process.exitCode = await runCommandLine(process.argv.slice(2), io)
} catch (error) {
  process.exitCode = printError(error, io)
}
