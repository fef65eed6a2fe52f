import type { Note } from '../note.ts'
import type { Step } from './step.ts'

/** Notes objects that a plan relies on and that do not exist yet, by the projects of the run that declare them. */
export function expectedNotes(steps: readonly Step[]): Note[] {
  const byProject = new Map<string, string[]>()
  for (const { address, expectedOf } of steps) {
    if (expectedOf !== undefined) byProject.set(expectedOf, [...(byProject.get(expectedOf) ?? []), address])
  }
  return [...byProject]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([project, addresses]) => ({ note: 'expected', project, addresses: addresses.toSorted() }))
}

/** Names each queue that a plan leaves out of the migration, with the reason. */
export function notMigratedNotes(steps: readonly Step[]): Note[] {
  return steps.flatMap(({ address, notMigrated: why }) =>
    why === undefined ? [] : [{ note: 'not-migrated' as const, why, addresses: [address] }],
  )
}
