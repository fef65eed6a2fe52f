import type { Reach } from '../routing/reach.ts'

/** Whether the message certainly reaches exactly one queue, and this queue is in the set. */
export function isOneOf(reach: Reach, names: ReadonlySet<string>): boolean {
  const [choice, ...others] = reach.choices
  if (reach.queues.some((name) => !names.has(name))) return false
  if (choice === undefined) return reach.queues.length === 1
  return others.length === 0 && reach.queues.length === 0 && choice.options.every((option) => isOneOf(option, names))
}
