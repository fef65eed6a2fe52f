import type { Note } from '../note.ts'
import type { Step } from './step.ts'

/** Notes which objects do not exist yet that a plan counts on, by the projects of the run that declare them. */
export function expectedNotes(steps: readonly Step[]): Note[] {
  const byProject = new Map<string, string[]>()
  for (const { address, expectedOf } of steps) {
    if (expectedOf !== undefined) byProject.set(expectedOf, [...(byProject.get(expectedOf) ?? []), address])
  }
  return [...byProject]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([project, addresses]) => ({ note: 'expected', project, addresses: addresses.toSorted() }))
}
