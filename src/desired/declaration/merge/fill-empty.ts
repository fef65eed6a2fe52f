import { isTable, newTable, type Table } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import { SECTIONS_OF_NAMES } from '../sections.ts'

/** Makes an empty declaration of each name without a value. */
export function fillEmptyDeclarations(root: Table, run: Run): void {
  for (const section of SECTIONS_OF_NAMES) {
    const table = root[section]
    if (!isTable(table)) continue
    for (const name of Object.keys(table)) {
      if (table[name] !== null) continue
      const empty = newTable()
      run.places.recordSpots(empty, run.places.spot(table, name)?.key ?? run.places.own(table), new Map())
      table[name] = empty
    }
  }
}
