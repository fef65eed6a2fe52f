import { isError } from '../../diagnostics/thrown.ts'
import { InvalidInputError, WarrenError } from '../../diagnostics/warren-error.ts'
import { type ExitCode, exitCodeFor } from '../exit-code.ts'
import type { Io } from './io.ts'
import { printError } from './print-error.ts'

/** Prints the errors of several runs, each text once: all runs of an environment fail alike when its broker is down. */
export class PrintedErrors {
  readonly #io: Io
  readonly #codes = new Map<unknown, ExitCode>()
  readonly #texts = new Set<string>()

  constructor(io: Io) {
    this.#io = io
  }

  /** Returns the exit code of an error, and prints the error unless one with the same text was already printed. */
  codeOf(error: unknown): ExitCode {
    const code = this.#codes.get(error) ?? this.#print(error)
    this.#codes.set(error, code)
    return code
  }

  #print(error: unknown): ExitCode {
    if (!isError(error) || !(error instanceof WarrenError)) return printError(error, this.#io)
    const findings = error instanceof InvalidInputError ? error.findings : []
    const text = JSON.stringify([error.code, error.message, error.hint, findings])
    if (this.#texts.has(text)) return exitCodeFor(error.code)
    this.#texts.add(text)
    return printError(error, this.#io)
  }
}
