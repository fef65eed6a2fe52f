import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { confirmationText } from '../../render/text/confirmation-text.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import type { Style } from '../../render/words/style.ts'
import type { Planned } from '../../operations/change/plan.ts'
import type { Format } from '../options/formats.ts'
import type { Io } from '../output/io.ts'
import { printPlan } from '../output/print-plan.ts'

/** Shows a plan and asks for approval. Without a terminal, only `--auto-approve` gives it. */
export async function confirmByYes(planned: Planned, approved: boolean, format: Format, io: Io): Promise<boolean> {
  const how = 'pass --auto-approve to apply without asking'
  return confirm(planned, { approved, format, how, answer: 'yes' }, io)
}

/**
 * Shows what would be destroyed and asks for the name of the project, unless `--confirm` contains it.
 * `--auto-approve` does not confirm it, because scripts contain that option without intending to delete everything.
 */
export async function confirmByName(
  planned: Planned,
  { confirm: names = [], autoApprove }: { readonly confirm?: readonly string[]; readonly autoApprove?: boolean },
  format: Format,
  io: Io,
): Promise<boolean> {
  const { project } = planned.plan
  const way = `pass --confirm ${shellWord(project)} to destroy without a question`
  const isNamed = names.includes(project)
  const [name] = names.filter((each) => each !== planned.plan.environment?.name)
  const how =
    name !== undefined && !isNamed
      ? `--confirm ${shellWord(name)} is not the name of the project: ${way}`
      : autoApprove === true
        ? `--auto-approve does not confirm a destroy: ${way}`
        : way
  return confirm(planned, { approved: isNamed, format, how, answer: project }, io)
}

/**
 * Asks once for approval of several plans, or for the names of all projects that are destroyed, unless the options
 * contain the answer.
 *
 * @param show shows the plans before a question
 */
export async function confirmRuns(
  command: 'apply' | 'destroy',
  { runs }: { readonly runs: readonly { readonly project: string; readonly planned?: Planned }[] },
  { confirm: names = [], autoApprove }: { readonly confirm?: readonly string[]; readonly autoApprove?: boolean },
  io: Io,
  show: () => Promise<void>,
): Promise<boolean> {
  const changes = runs.reduce((sum, { planned }) => sum + (planned?.plan.changes.length ?? 0), 0)
  const question = `${countOf(changes, 'change')} in ${countOf(runs.length, 'run')}`
  if (command === 'apply') {
    if (autoApprove === true) return true
    if (!canAsk('pass --auto-approve to apply without asking', io)) return false
    await show()
    return (await io.ask(`Apply ${question}? Only "yes" confirms: `)) === 'yes'
  }
  const unnamed = [...new Set(runs.map(({ project }) => project))].filter((project) => !names.includes(project))
  const [first] = unnamed
  if (first === undefined) return true
  const ways = unnamed.map((project) => `--confirm ${shellWord(project)}`).join(' ')
  const without = autoApprove === true ? '--auto-approve does not confirm a destroy: ' : ''
  if (!canAsk(`${without}pass ${ways} to destroy without a question`, io)) return false
  const all = unnamed.map((each) => JSON.stringify(each)).join(', ')
  await show()
  const answer = await io.ask(
    `Destroy with ${question}? To confirm, type the names of the projects with spaces between them (${all}): `,
  )
  return answer.trim().split(/\s+/).toSorted().join(' ') === unnamed.toSorted().join(' ')
}

/**
 * Whether an option names an environment that requires this; prints a message if not. Neither a terminal nor
 * `--auto-approve` replaces it.
 */
export function isEnvironmentConfirmed(
  environment: { readonly name: string; readonly confirm: boolean } | undefined,
  names: readonly string[] = [],
  io: Io,
): boolean {
  if (environment?.confirm !== true || names.includes(environment.name)) return true
  const { name } = environment
  io.err(
    `${io.errStyle.remove('error')}  the environment ${JSON.stringify(name)} requires a confirmation, and nothing was done\n` +
      `       pass --confirm ${shellWord(name)}, even with --auto-approve\n`,
  )
  return false
}

/** Checks that options name all environments that require this, before the first one is changed. */
export function areEnvironmentsConfirmed(
  runs: readonly { readonly environment?: { readonly name: string; readonly confirm: boolean } | undefined }[],
  names: readonly string[] | undefined,
  io: Io,
): boolean {
  const environments = new Map(runs.map(({ environment }) => [environment?.name, environment]))
  return [...environments.values()].map((each) => isEnvironmentConfirmed(each, names, io)).every(Boolean)
}

interface Question {
  readonly approved: boolean
  readonly format: Format
  /** How to continue without a terminal. */
  readonly how: string
  readonly answer: string
}

async function confirm(planned: Planned, { approved, format, how, answer }: Question, io: Io): Promise<boolean> {
  if (format === 'text') await printPlan(planned, io)
  if (approved) return true
  if (!canAsk(how, io)) return false
  // The user has to see the plan, and standard output is reserved for the document.
  if (format !== 'text') {
    const { planText } = await import('../../render/text/plan-text.ts')
    io.err(`${planText(planned.plan, io.errStyle)}\n`)
  }
  return (await io.ask(confirmationText(planned.plan))) === answer
}

/** A question about the text shown with it. */
interface ShownQuestion extends Question {
  /** The text that the question is about. */
  readonly text: (style: Style) => string
  readonly prompt: string
}

/** Shows text and asks for approval, unless the options contain it. */
export async function confirmShown(
  { text, prompt, approved, format, how, answer }: ShownQuestion,
  io: Io,
): Promise<boolean> {
  if (format === 'text') io.out(text(io.outStyle))
  if (approved) return true
  if (!canAsk(how, io)) return false
  if (format !== 'text') io.err(text(io.errStyle))
  return (await io.ask(prompt)) === answer
}

/**
 * Whether a question is possible; prints a message if not.
 *
 * @param how how to continue without a terminal
 */
function canAsk(how: string, io: Io): boolean {
  if (io.interactive) return true
  io.err(
    `${io.errStyle.remove('error')}  this needs a confirmation, but there is no terminal to ask on\n       ${how}\n`,
  )
  return false
}
