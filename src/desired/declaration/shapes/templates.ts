import { finding } from '../../../diagnostics/findings/finding.ts'
import { suggest } from '../../../diagnostics/text/suggest.ts'
import { locationOf, type Spot } from '../../source/places.ts'
import { isTable, newTable, type Table, type Tree } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import { errorsOf, isUnresolved } from '../schema/check-schema.ts'
import { addressedBy, schemaFindings } from '../schema/schema-findings.ts'
import { nodeOfKey } from '../schema/schema.ts'
import { unknownKey } from '../schema/unknown-key.ts'
import { wrongValue } from '../schema/wrong-value.ts'
import { SECTIONS_OF_NAMES } from '../sections.ts'

/** The keys that only an object may have, not a template. */
const NOT_INHERITABLE: readonly string[] = ['template', 'forEach', 'external', 'new']

/** A template, or the defaults of a document: properties by section. */
export interface Shape {
  readonly sections: Table
  readonly spot: Spot
}

/** The templates that the objects of one document may name. */
export class Templates {
  readonly #run: Run
  readonly #byName = new Map<string, Shape>()

  constructor(tables: readonly Table[], run: Run) {
    this.#run = run
    for (const table of tables) for (const name of Object.keys(table)) this.#add(table, name)
  }

  /**
   * The properties of a template for the objects of a section. If there are none, reports this at its name and
   * returns undefined.
   */
  find(name: string, section: string, at: Spot): Table | undefined {
    const shape = this.#byName.get(name)
    const location = locationOf(at.value)
    if (!shape) {
      const known = [...this.#byName.keys()]
      const suggestion = suggest(name, known)
      const args = { name, known, ...(suggestion !== undefined && { suggestion }) }
      this.#run.report(finding('template-unknown', args, location))
      return undefined
    }
    const found = shape.sections[section]
    if (isTable(found)) return found
    if (found === undefined) {
      const related = [{ label: 'the template', location: locationOf(shape.spot.key) }]
      this.#run.report(finding('template-without-section', { name, section }, location, related))
    }
    return undefined
  }

  #add(table: Table, name: string): void {
    const { places, report } = this.#run
    const spot = places.spot(table, name)
    const sections = table[name]
    if (!spot) return
    const first = this.#byName.get(name)
    if (first) {
      const related = [{ label: 'defined first', location: locationOf(first.spot.key) }]
      report(finding('template-twice', { name }, locationOf(spot.key), related))
    } else if (isTable(sections)) this.#byName.set(name, { sections, spot })
  }
}

/** Checks the content of templates, even if no object uses them. */
export function checkTemplates(templates: Table, run: Run): void {
  for (const name of Object.keys(templates)) {
    const spot = run.places.spot(templates, name)
    const sections = templates[name]
    if (isTable(sections)) checkShape(sections, run)
    else if (spot) run.report(wrongValue({ what: name, value: sections ?? null, spot }, nodeOfKey('defaults')))
  }
}

/** Checks the sections of a template or of `defaults`, and their properties. */
export function checkShape(sections: Table, run: Run): void {
  for (const section of Object.keys(sections)) {
    const spot = run.places.spot(sections, section)
    const shape = sections[section]
    if (!SECTIONS_OF_NAMES.some((each) => each === section)) {
      run.report(unknownKey(sections, section, SECTIONS_OF_NAMES, run))
    } else if (isTable(shape)) checkProperties(section, shape, run)
    else if (spot)
      run.report(wrongValue({ what: section, value: shape ?? null, spot }, { title: 'a table of properties' }))
  }
}

function checkProperties(section: string, shape: Table, run: Run): void {
  for (const key of NOT_INHERITABLE) {
    if (key in shape) run.report(finding('not-inheritable', { key }, run.places.locate(shape, key)))
  }
  const { root, entry } = documentOf(section, shape, run)
  const incomplete = new Set(['required', 'oneOf'])
  const errors = errorsOf(root).filter(
    ({ keyword, instancePath }) =>
      instancePath.startsWith(entry) &&
      !(incomplete.has(keyword) && instancePath === entry) &&
      !isUnresolved(addressedBy(instancePath, root, run), run),
  )
  for (const found of schemaFindings(errors, root, run)) run.report(found)
}

/** A document with one object that has only these properties, to check them with the schema of a document. */
function documentOf(section: string, shape: Table, run: Run): { root: Table; entry: string } {
  const properties: Table = newTable()
  for (const [key, value] of Object.entries(shape)) {
    if (value !== null && !NOT_INHERITABLE.includes(key)) properties[key] = withoutNulls(value, run)
  }
  run.places.recordCopy(properties, shape)
  const entries = Object.assign(newTable(), { '': properties })
  const root: Table = Object.assign(newTable(), { warren: 1, project: '', [section]: entries })
  const own = run.places.own(shape)
  run.places.recordSpots(entries, own, new Map([['', { key: own, value: own }]]))
  run.places.recordSpots(root, own, new Map())
  return { root, entry: `/${section}/` }
}

/** Null removes a property, in any table. */
function withoutNulls(value: Tree, run: Run): Tree {
  if (!isTable(value)) return value
  const copy = newTable()
  run.places.recordCopy(copy, value)
  for (const [key, each] of Object.entries(value)) if (each !== null) copy[key] = withoutNulls(each, run)
  return copy
}
