#!/usr/bin/env node
import { readEnvironment } from './environment.ts'
import { processIo } from './io.ts'
import { maskingIo } from './masking-io.ts'
import { printError } from './print-error.ts'
import { runCommandLine } from './run-command-line.ts'
import { startQuickly } from './start-quickly.ts'
import { surviveLostOutput } from './survive-lost-output.ts'

startQuickly()
surviveLostOutput()
let environment: ReturnType<typeof readEnvironment> = { environment: process.env }
try {
  environment = readEnvironment()
  process.exitCode = await runCommandLine(process.argv.slice(2), processIo(environment))
} catch (error) {
  process.exitCode = printError(error, maskingIo(processIo(environment), process.argv))
}
