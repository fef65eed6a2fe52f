import type { PlannedRuns } from '../../operations/workspace/plan-runs.ts'
import type { Style } from '../../render/words/style.ts'
import type { ExitCode } from '../exit-code.ts'
import type { Format } from '../options/formats.ts'
import type { Io } from './io.ts'
import { printFileWarnings } from './print-plan.ts'
import { PrintedErrors } from './printed-errors.ts'
import { digestText } from './runs-text.ts'

/** Prints the plans of several runs, and the errors of runs without one, each once. */
export class PrintedPlans {
  readonly #format: Format
  readonly #io: Io
  readonly #errors: PrintedErrors
  #isPrinted = false

  /** @param format the format of standard output; plans are printed there only as text */
  constructor(format: Format, io: Io) {
    this.#format = format
    this.#io = io
    this.#errors = new PrintedErrors(io)
  }

  async print(planned: PlannedRuns): Promise<void> {
    if (!this.#isPrinted) {
      this.#isPrinted = true
      for (const { planned: plan } of planned.runs) if (plan) printFileWarnings(plan, this.#io)
      if (this.#format === 'text') this.#io.out(await plansText(planned, this.#io.outStyle))
    }
    for (const { error } of planned.runs) if (error !== undefined) this.codeOf(error)
  }

  /** The exit code of an error. Prints the error unless it was already printed. */
  codeOf(error: unknown): ExitCode {
    return this.#errors.codeOf(error)
  }
}

/** The plans of several runs, and their common digest. */
export async function plansText({ runs, digest }: PlannedRuns, style: Style): Promise<string> {
  const { planText } = await import('../../render/text/plan-text.ts')
  const texts = runs.flatMap(({ planned }) => (planned ? [`${planText(planned.plan, style)}\n`] : []))
  return texts.join('') + digestText({ ...(digest !== undefined && { digest }) }, style)
}
