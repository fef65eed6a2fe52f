import { countOf } from '../../diagnostics/text/count-of.ts'
import type { OwnershipChanges } from '../ownership/ownership-changes.ts'

/**
 * Describes the changes of owners that an undo does not reverse, and how to reverse them. An undo belongs to the
 * project of the apply, and only the other project can take its objects back.
 */
export function ownersNotBroughtBack(project: string, changes: OwnershipChanges | undefined): readonly string[] {
  if (changes === undefined) return []
  const { takenOver, adopted, released } = changes
  return [
    ...takenOver.map(
      ({ from, addresses }) =>
        `the ownership that ${from} had of ${countOf(addresses.length, 'object')}: apply the files of ${from} with "takesOver: [${project}]"`,
    ),
    ...(adopted.length === 0
      ? []
      : [`that ${countOf(adopted.length, 'object')} had no owner: warren release gives up adopted objects`]),
    ...(released.length === 0
      ? []
      : [`the ownership of ${countOf(released.length, 'object')}: declare the released objects again to adopt them`]),
  ]
}
