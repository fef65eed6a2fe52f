import { finding } from '../diagnostics/finding.ts'
import type { Location } from '../diagnostics/location.ts'
import { isTable, type Table } from '../source/tree.ts'
import type { Run } from './run.ts'

/**
 * Reports what the format knows and this version does not manage: left out without a word, it would seem to be
 * done.
 */
export function checkSupported(root: Table, run: Run): void {
  for (const section of ['exchanges', 'queues']) {
    for (const declaration of declarationsIn(root, section)) {
      if ('renamedFrom' in declaration) report('renamedFrom', run.places.locate(declaration, 'renamedFrom'), run)
    }
  }
}

function declarationsIn(root: Table, section: string): Table[] {
  const table = root[section]
  return isTable(table) ? Object.values(table).filter(isTable) : []
}

function report(what: string, location: Location, run: Run): void {
  run.report(finding('not-supported', { what }, location))
}
