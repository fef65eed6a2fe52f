import type { Places, Spot } from '../places.ts'
import { isTable, type Table, type Tree } from '../tree.ts'

/**
 * Adds what `<<` brings to a table: entries of a table, or of a list of tables of which earlier ones win.
 * Entries that the table has of its own win over all. Answers how many were added, or undefined when the
 * value is not of such a form.
 */
export function mergeEntries(table: Table, value: Tree, places: Places): number | undefined {
  const merged = Array.isArray(value) ? value : [value]
  if (!merged.every((each) => isTable(each))) return undefined
  const own = places.own(table)
  const spots = new Map<string | number, Spot>(places.spots(table))
  let added = 0
  for (const each of merged) {
    for (const key of Object.keys(each)) {
      if (key in table) continue
      const entry = each[key]
      const spot = places.spot(each, key)
      if (entry === undefined || !spot) continue
      table[key] = entry
      spots.set(key, spot)
      added++
    }
  }
  places.recordSpots(table, own, spots)
  return added
}
