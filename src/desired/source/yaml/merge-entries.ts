import type { Places, Spot } from '../places.ts'
import { isTable, type Table, type Tree } from '../tree.ts'

/**
 * Adds the entries of `<<` to a table: those of a table, or of a list of tables, of which earlier ones take
 * precedence. The table's own entries take precedence over all. Returns the number of added entries, or undefined if
 * the value has another form.
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
