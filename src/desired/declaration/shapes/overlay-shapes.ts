import { finding } from '../../../diagnostics/findings/finding.ts'
import { isTable, newTable, type Table } from '../../source/tree.ts'
import type { ParsedDocument } from '../../source/yaml/parse-documents.ts'
import type { Run } from '../run.ts'
import { KIND_OF_SECTION } from '../sections.ts'

const OF_HEADER = ['use', 'defaults', 'templates', 'forEach']
const OF_ENTRY = ['template', 'forEach']
/** Tables of the broker, which may have any keys. */
const RAW = new Set(['parameters', 'globalParameters'])

/** Reports and removes the keys that an overlay cannot contain. The names in an overlay are final names of objects. */
export function withoutShapes(root: Table, run: Run): Table {
  const without = takeAway(root, OF_HEADER, run)
  for (const section of Object.keys(KIND_OF_SECTION)) {
    const table = without[section]
    if (!isTable(table) || RAW.has(section)) continue
    const copy = newTable()
    run.places.recordCopy(copy, table)
    for (const [name, entry] of Object.entries(table))
      copy[name] = isTable(entry) ? takeAway(entry, OF_ENTRY, run) : entry
    without[section] = copy
  }
  return without
}

/** Reports keys in a document that only an overlay may have. */
export function reportNew({ root }: ParsedDocument, run: Run): void {
  if (!isTable(root)) return
  for (const section of Object.keys(KIND_OF_SECTION)) {
    const table = root[section]
    if (!isTable(table) || RAW.has(section)) continue
    for (const entry of Object.values(table)) {
      if (isTable(entry) && 'new' in entry)
        run.report(finding('new-outside-overlay', {}, run.places.locate(entry, 'new')))
    }
  }
}

function takeAway(table: Table, keys: readonly string[], run: Run): Table {
  const copy: Table = Object.assign(newTable(), table)
  run.places.recordCopy(copy, table)
  for (const key of keys) {
    if (!(key in copy)) continue
    run.report(finding('shape-in-overlay', { key }, run.places.locate(table, key)))
    delete copy[key]
  }
  return copy
}
