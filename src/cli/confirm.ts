import { confirmationText } from '../render/confirmation-text.ts'
import { redactPlan } from '../render/redact-plan.ts'
import type { Planned } from '../verbs/plan.ts'
import { ask } from './ask.ts'
import type { Io } from './io.ts'
import { printPlan, renderPlan } from './print-plan.ts'

/** Shows a plan and asks whether to go on; without a terminal only `--auto-approve` does. */
export async function confirmByYes(
  planned: Planned,
  approved: boolean,
  format: 'text' | 'json',
  io: Io,
): Promise<boolean> {
  const how = 'pass --auto-approve to apply without asking'
  return confirm(planned, { approved, format, how, answer: 'yes' }, io)
}

/** Shows what would be destroyed and asks for the name of the project, which `--confirm` can give beforehand. */
export async function confirmByName(
  planned: Planned,
  approved: boolean,
  format: 'text' | 'json',
  io: Io,
): Promise<boolean> {
  const how = 'pass --confirm with the name of the project to destroy without asking'
  return confirm(planned, { approved, format, how, answer: planned.plan.project }, io)
}

interface Question {
  readonly approved: boolean
  readonly format: 'text' | 'json'
  /** How to go on without a terminal. */
  readonly how: string
  readonly answer: string
}

async function confirm(planned: Planned, { approved, format, how, answer }: Question, io: Io): Promise<boolean> {
  if (format === 'text') await printPlan(planned, 'text', io)
  if (approved) return true
  if (!canAsk(how, io)) return false
  // Who is asked has to see the plan, and stdout is for the JSON alone.
  if (format === 'json') io.err(`${await renderPlan(planned, 'text', io.errStyle)}\n`)
  return (await ask(confirmationText(redactPlan(planned.plan, planned.secrets)), io)) === answer
}

/**
 * Whether a person can be asked; says so where none can.
 *
 * @param how how to go on without a terminal
 */
export function canAsk(how: string, io: Io): boolean {
  if (io.interactive) return true
  io.err(`${io.errStyle.remove('error')}  nobody is there to confirm: this is no terminal\n       ${how}\n`)
  return false
}
