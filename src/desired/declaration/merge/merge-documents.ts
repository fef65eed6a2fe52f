import { finding } from '../../../diagnostics/findings/finding.ts'
import { locationOf, type Place, type Spot } from '../../source/places.ts'
import { isContainer, isTable, newTable, type Table, type Tree } from '../../source/tree.ts'
import type { HeadedDocument } from './header.ts'
import { mergeUsers } from './merge-users.ts'
import type { Run } from '../run.ts'
import { nodeOfKey } from '../schema/schema.ts'
import { DOCUMENT_KEYS, HEADER_KEYS, KIND_OF_SECTION, LIST_SECTIONS } from '../sections.ts'
import type { VhostTree } from './vhost-tree.ts'
import { wrongValue } from '../schema/wrong-value.ts'

/** Merges the documents of each vhost into one, in the order in which the vhosts first appear. */
export function mergeDocuments(documents: readonly HeadedDocument[], run: Run): VhostTree[] {
  const byVhost = new Map<string, HeadedDocument[]>()
  for (const document of documents) {
    const name = document.vhost ?? ''
    const known = byVhost.get(name)
    if (known) known.push(document)
    else byVhost.set(name, [document])
  }
  return Array.from(byVhost, ([name, ofVhost]) => mergeVhost(name, ofVhost, run))
}

function mergeVhost(name: string, documents: readonly HeadedDocument[], run: Run): VhostTree {
  const [first] = documents
  if (!first) throw new Error('a vhost has at least one document')
  const root = newTable()
  const spots = new Map<string | number, Spot>()
  addHeader(root, spots, name, documents, run)
  for (const [section, parts] of partsBySection(documents, run)) {
    const [part] = parts
    if (!part) continue
    root[section] = parts.length === 1 ? part.value : mergeParts(section, parts, run)
    spots.set(section, part.spot)
  }
  run.places.recordSpots(root, first.place, spots)
  return { name, origin: first.vhostPlace, root }
}

/** The part of a section in one document. */
interface Part {
  readonly value: Table | Tree[]
  readonly spot: Spot
}

function partsBySection(documents: readonly HeadedDocument[], run: Run): Map<string, Part[]> {
  const bySection = new Map<string, Part[]>()
  for (const { root } of documents) {
    for (const section of sectionsOf(root, run)) {
      const spot = run.places.spot(root, section)
      const value = root[section]
      if (!spot || !isContainer(value)) continue
      const parts = bySection.get(section)
      if (parts) parts.push({ value, spot })
      else bySection.set(section, [{ value, spot }])
    }
  }
  return bySection
}

function addHeader(
  root: Table,
  spots: Map<string | number, Spot>,
  name: string,
  documents: readonly HeadedDocument[],
  run: Run,
): void {
  root['warren'] = 1
  root['project'] = documents.find(({ project }) => project)?.project?.name ?? ''
  const [claiming, ...others] = documents.filter(({ claim }) => claim)
  if (claiming?.claim && 'name' in claiming.claim) claiming.claim['name'] = name
  root['vhost'] = claiming?.claim ?? name
  const place = claiming?.vhostPlace ?? documents[0]?.vhostPlace
  if (place) spots.set('vhost', (claiming && run.places.spot(claiming.root, 'vhost')) ?? { key: place, value: place })
  for (const other of others) {
    const related = claiming && [{ label: 'claimed first', location: locationOf(claiming.vhostPlace) }]
    run.report(finding('vhost-claimed-twice', { vhost: name }, locationOf(other.vhostPlace), related))
  }
}

/** The sections of a document that can be merged; a section of the wrong form is reported and left out. */
export function sectionsOf(document: Table, run: Run, mayBeNull = false): string[] {
  return Object.keys(document).filter((key) => {
    if (HEADER_KEYS.has(key) || !DOCUMENT_KEYS.includes(key)) return false
    const value = document[key] ?? null
    if (value === null && mayBeNull) return true
    if (LIST_SECTIONS.has(key) ? Array.isArray(value) : isTable(value)) return true
    const spot = run.places.spot(document, key)
    if (spot) run.report(wrongValue({ what: key, value, spot }, nodeOfKey(key)))
    return false
  })
}

function mergeParts(section: string, parts: readonly Part[], run: Run): Table | Tree[] {
  if (LIST_SECTIONS.has(section)) return mergeLists(parts, run)
  const merged = newTable()
  const spots = new Map<string | number, Spot>()
  for (const { value: table } of parts) {
    for (const [key, spot] of run.places.spots(table)) {
      const name = String(key)
      const value = isTable(table) ? table[name] : undefined
      const first = spots.get(name)
      if (value === undefined) continue
      if (!first) {
        merged[name] = value
        spots.set(name, spot)
      } else merged[name] = mergeEntries(section, name, [merged[name] ?? null, first], [value, spot], run)
    }
  }
  const own = parts[0] && run.places.own(parts[0].value)
  if (own) run.places.recordSpots(merged, own, spots)
  return merged
}

function mergeEntries(
  section: string,
  name: string,
  [first, firstSpot]: readonly [Tree, Spot],
  [second, spot]: readonly [Tree, Spot],
  run: Run,
): Tree {
  if (section === 'users') {
    return mergeUsers(name, { value: first, place: firstSpot.key }, { value: second, place: spot.key }, run)
  }
  if (section === 'parameters' && isTable(first) && isTable(second)) {
    return mergeParts(
      'parameter',
      [
        { value: first, spot: firstSpot },
        { value: second, spot },
      ],
      run,
    )
  }
  reportTwice(`the ${KIND_OF_SECTION[section] ?? section} ${JSON.stringify(name)}`, spot.key, firstSpot.key, run)
  return first
}

function mergeLists(parts: readonly Part[], run: Run): Tree[] {
  const merged: Tree[] = []
  const spots = new Map<string | number, Spot>()
  for (const { value: list } of parts) {
    if (!Array.isArray(list)) continue
    for (const [index, item] of list.entries()) {
      const spot = run.places.spot(list, index)
      if (spot) spots.set(merged.length, spot)
      merged.push(item)
    }
  }
  const own = parts[0] && run.places.own(parts[0].value)
  if (own) run.places.recordSpots(merged, own, spots)
  return merged
}

/** Reports a second declaration of the same thing. */
function reportTwice(what: string, place: Place, first: Place, run: Run): void {
  const related = [{ label: 'declared first', location: locationOf(first) }]
  run.report(finding('declared-twice', { what }, locationOf(place), related))
}
