import { QUEUE_TYPES, type QueueArgument, queueArgument, type QueueType, isQueueType } from './queue-arguments.ts'
import { problemAt, stepAt, type ValueProblem } from './support.ts'

/** Why a broker refuses or ignores an argument of a queue. */
export type ArgumentProblem =
  | Extract<ValueProblem, { kind: 'value' }>
  /** The type of the queue does not have it. */
  | { readonly kind: 'type'; readonly types: readonly QueueType[] }
  | { readonly kind: 'needs'; readonly argument: string }

/**
 * Checks one argument of a queue against the table.
 *
 * @param type the type of the queue; if it is unknown, only problems of every type are reported
 * @param table all arguments of the queue
 * @param version the version of the broker; if it is absent, only problems of every version are reported
 * @returns undefined for an argument that the table does not contain, and for the queue type of a plugin
 */
export function argumentProblem(
  type: string | undefined,
  name: string,
  table: Readonly<Record<string, unknown>>,
  version?: string,
): ArgumentProblem | undefined {
  const argument = queueArgument(name)
  if (argument === undefined || (type !== undefined && !isQueueType(type))) return undefined
  const problems = (type === undefined ? QUEUE_TYPES : [type]).map((each) =>
    problemOfType(argument, each, table[name], version),
  )
  if (problems.includes(undefined)) return needs(argument, table)
  const value = problems.find((each) => each?.kind === 'value')
  return value?.kind === 'value' ? value : { kind: 'type', types: typesThatTake(argument, version) }
}

function problemOfType(
  argument: QueueArgument,
  type: QueueType,
  value: unknown,
  version: string | undefined,
): ValueProblem | undefined {
  const steps = version === undefined ? argument[type] : [stepAt(argument[type], version)]
  const problems = steps.map((step) => problemAt(step, argument.value, value))
  return problems.includes(undefined) ? undefined : problems.at(-1)
}

function needs(
  { needs: argument }: QueueArgument,
  table: Readonly<Record<string, unknown>>,
): ArgumentProblem | undefined {
  return argument === undefined || Object.hasOwn(table, argument) ? undefined : { kind: 'needs', argument }
}

function typesThatTake(argument: QueueArgument, version: string | undefined): QueueType[] {
  return QUEUE_TYPES.filter((type) => {
    const steps = version === undefined ? argument[type] : [stepAt(argument[type], version)]
    return steps.some(({ support }) => support === 'applies')
  })
}
