import { formatLocation } from '../../../diagnostics/location.ts'
import { onOneLine } from '../../../diagnostics/text/shown-text.ts'
import { locationOf, type Place, type Spot } from '../../source/places.ts'
import type { Table } from '../../source/tree.ts'
import type { Run } from '../run.ts'

/** Where an object comes from, on one line: its place, the instance, the templates that it inherits from, and overlays. */
export function originOf(entry: Table, spot: Spot, run: Run): string {
  const { key } = spot
  const parts = [shown(key), ...(key.uses ?? []).flatMap((use) => (use.instance ? [use.label] : []))]
  for (const each of run.places.spots(entry).values()) {
    const inherited = each.key.uses?.find((use) => use.inherited !== undefined)?.inherited
    if (inherited !== undefined) parts.push(inherited)
    else if (each.key.source !== key.source) parts.push(each.key.source.path)
  }
  return onOneLine([...new Set(parts)].join(', '))
}

function shown(place: Place): string {
  const { file, line } = locationOf(place)
  return formatLocation({ file, line, column: 0 }).replace(/:0$/, '')
}
