import { finding } from '../diagnostics/finding.ts'
import type { Location } from '../diagnostics/location.ts'
import { isTable, type Table } from '../source/tree.ts'
import type { Run } from './run.ts'

/**
 * Reports what the format knows and this version does not manage: left out without a word, it would seem to be
 * done.
 */
export function checkSupported(root: Table, run: Run): void {
  for (const queue of declarationsIn(root, 'queues')) {
    for (const [table, key, value] of unsupportedIn(queue)) {
      report(`${key}: ${value}`, run.places.locate(table, key), run)
    }
  }
}

/** Whether a queue asks for something that this version cannot do. */
export function usesUnsupported(queue: Table): boolean {
  return unsupportedIn(queue).length > 0
}

function unsupportedIn({ retry }: Table): (readonly [table: Table, key: string, value: string])[] {
  const found: (readonly [Table, string, string])[] = []
  if (isTable(retry) && retry['mode'] === 'native') found.push([retry, 'mode', 'native'])
  return found
}

function declarationsIn(root: Table, section: string): Table[] {
  const table = root[section]
  return isTable(table) ? Object.values(table).filter(isTable) : []
}

function report(what: string, location: Location, run: Run): void {
  run.report(finding('not-supported', { what }, location))
}
