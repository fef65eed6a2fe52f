import { finding } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import { nameProblem } from '../../model/name-problem.ts'
import { mayHoldReferences } from '../source/references/references.ts'
import { isTable, type Table, type Tree } from '../source/tree.ts'
import type { Run } from './run.ts'
import { KIND_OF_SECTION } from './sections.ts'

const RESERVED = /^amq\./

/** Reports a name that the broker, or its HTTP API, cannot address. */
export function checkName(kind: string, name: string, location: Location | undefined, run: Run): void {
  const problem = nameProblem(name)
  if (problem !== undefined) run.report(finding('name-invalid', { kind, name, problem }, location))
}

/** Reports names of a merged document that cannot be addressed, or are the broker's own. */
export function checkNames(root: Table, run: Run): void {
  for (const section of Object.keys(KIND_OF_SECTION)) {
    const table = root[section]
    if (!isTable(table)) continue
    const kind = KIND_OF_SECTION[section] ?? section
    const reserved = section === 'exchanges' || section === 'queues'
    for (const name of Object.keys(table)) {
      if (nameProblem(name) !== undefined) checkName(kind, name, run.places.locate(table, name), run)
      else if (reserved && RESERVED.test(name) && !isExternal(table[name])) {
        run.report(finding('name-reserved', { kind, name }, run.places.locate(table, name)))
      }
    }
  }
  if (isTable(root['queues'])) checkNamesOfDerivedQueues(root['queues'], run)
  for (const section of ['exchanges', 'queues', 'policies', 'operatorPolicies', 'publications']) {
    for (const property of ['arguments', 'definition', 'headers']) {
      checkNestedKeys(root[section], run, (entry) => entry[property])
    }
    const entries = isTable(root[section]) ? Object.values(root[section]) : []
    for (const entry of entries) if (isTable(entry)) checkBindingKeys(entry['bindings'], run)
  }
  checkBindingKeys(root['bindings'], run)
}

function checkBindingKeys(bindings: Tree | undefined, run: Run): void {
  for (const binding of Array.isArray(bindings) ? bindings : []) {
    const table = isTable(binding) ? binding['arguments'] : undefined
    if (isTable(table)) for (const name of Object.keys(table)) isReferenceReported(table, name, run)
  }
}

/** Reports references in keys that are names no names of objects: of arguments, definitions and headers. */
function checkNestedKeys(section: Tree | undefined, run: Run, named: (entry: Table) => Tree | undefined): void {
  for (const entry of isTable(section) ? Object.values(section) : []) {
    const table = isTable(entry) ? named(entry) : undefined
    if (isTable(table)) for (const name of Object.keys(table)) isReferenceReported(table, name, run)
  }
}

/** Reports a key that holds a reference and does not name an object: the broker would get it as it is written. */
function isReferenceReported(table: Table, key: string, run: Run): boolean {
  if (!mayHoldReferences(key)) return false
  run.report(finding('reference-in-key', { key }, run.places.locate(table, key)))
  return true
}

/** Names that a declaration gives to queues that are derived from it. */
function checkNamesOfDerivedQueues(queues: Table, run: Run): void {
  for (const queue of Object.values(queues)) {
    if (!isTable(queue)) continue
    if (isTable(queue['deadLetter'])) checkNameAt(queue['deadLetter'], 'dead-letter queue', run)
    const delays = isTable(queue['retry']) ? queue['retry']['delays'] : undefined
    for (const delay of Array.isArray(delays) ? delays : []) if (isTable(delay)) checkNameAt(delay, 'delay queue', run)
  }
}

function checkNameAt(table: Table, kind: string, run: Run): void {
  const name = table['queue']
  if (typeof name !== 'string') return
  const location = run.places.locate(table, 'queue', 'value')
  checkName(kind, name, location, run)
  if (RESERVED.test(name)) run.report(finding('name-reserved', { kind, name }, location))
}

function isExternal(declaration: Tree | undefined): boolean {
  return isTable(declaration) && declaration['external'] === true
}
