import { compareLimits } from './compare-limits.ts'
import { compareMessages } from './compare-messages.ts'
import { compareObjects } from './compare-objects.ts'
import { compareReach } from './compare-reach.ts'
import { compareRights } from './compare-rights.ts'
import { compareRoutes } from './compare-routes.ts'
import { Comparison, type Versions } from './comparison.ts'
import type { CompareSchemas } from './schemas/compare-schemas.ts'
import type { BreakingFinding, ChangeClass } from './version.ts'

const ORDER: readonly ChangeClass[] = ['breaking', 'risky', 'safe']

/**
 * Compares two versions of a topology from the point of view of its users. Breaking changes come first.
 *
 * @param compare of `loadSchemaComparison`
 */
export function findBreaking(versions: Versions, compare: CompareSchemas): readonly BreakingFinding[] {
  const comparison = new Comparison(versions)
  const all = [
    ...compareObjects(comparison),
    ...compareRoutes(comparison),
    ...compareReach(comparison),
    ...compareLimits(comparison),
    ...compareRights(comparison),
    ...compareMessages(comparison, compare),
  ]
  return all.toSorted(
    (a, b) => ORDER.indexOf(a.class) - ORDER.indexOf(b.class) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0),
  )
}
