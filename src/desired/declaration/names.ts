import { finding } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import { nameProblem } from '../../model/names/name-problem.ts'
import { mayHoldReferences } from '../source/references/references.ts'
import { isContainer, isTable, type Table, type Tree } from '../source/tree.ts'
import type { Run } from './run.ts'
import { KIND_OF_SECTION } from './sections.ts'

const RESERVED = /^amq\./

/** Reports a name that the broker or its HTTP API cannot handle. */
export function checkName(kind: string, name: string, location: Location | undefined, run: Run): void {
  const problem = nameProblem(name)
  if (problem !== undefined) run.report(finding('name-invalid', { kind, name, problem }, location))
}

/** Reports names in a merged document that the broker cannot handle or reserves for itself. */
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
  checkKeys(root, run)
}

/** Properties whose keys belong to the broker or an application. */
const FREE_PROPERTIES = ['arguments', 'definition', 'headers']

/**
 * Reports keys with references that do not name an object, because the broker would receive them unresolved. These
 * are the keys of arguments, definitions and headers, and all keys in the values of parameters.
 */
function checkKeys(root: Table, run: Run): void {
  const visited = new Set<object>()
  const below = (value: Tree | undefined): void => {
    if (!isContainer(value) || visited.has(value)) return
    visited.add(value)
    if (!Array.isArray(value)) for (const key of Object.keys(value)) checkKey(value, key, run)
    Object.values(value).forEach(below)
  }
  const belowBindings = (bindings: Tree | undefined): void => {
    for (const binding of Array.isArray(bindings) ? bindings : []) if (isTable(binding)) below(binding['arguments'])
  }
  for (const section of [
    'exchanges',
    'queues',
    'policies',
    'operatorPolicies',
    'publications',
    'requests',
    'superStreams',
  ]) {
    for (const entry of entriesOf(root[section])) {
      if (!isTable(entry)) continue
      for (const property of FREE_PROPERTIES) below(entry[property])
      belowBindings(entry['bindings'])
    }
  }
  belowBindings(root['bindings'])
  for (const section of ['globalParameters', 'shovels', 'federationUpstreams', 'federationUpstreamSets']) {
    entriesOf(root[section]).forEach(below)
  }
  for (const component of entriesOf(root['parameters'])) entriesOf(component).forEach(below)
}

function entriesOf(section: Tree | undefined): Tree[] {
  return isTable(section) ? Object.values(section) : []
}

function checkKey(table: Table, key: string, run: Run): void {
  if (mayHoldReferences(key)) run.report(finding('reference-in-key', { key }, run.places.locate(table, key)))
}

/** Checks the names that a declaration gives to derived queues. */
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
