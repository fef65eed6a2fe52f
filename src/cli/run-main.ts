import { readEnvironment } from './options/environment.ts'
import { processIo } from './output/io.ts'
import { maskingIo } from './output/masking-io.ts'
import { printError } from './output/print-error.ts'
import { printUncaught } from './output/print-uncaught.ts'
import { runCommandLine } from './run-command-line.ts'
import { startQuickly } from './start-quickly.ts'
import { surviveLostOutput } from './output/survive-lost-output.ts'

startQuickly()
surviveLostOutput()
const args = process.argv.slice(2)
let io = maskingIo(processIo({ environment: process.env }), args)
printUncaught(() => io)
try {
  io = maskingIo(processIo(readEnvironment()), args)
  process.exitCode = await runCommandLine(args, io)
} catch (error) {
  process.exitCode = printError(error, io)
}
