import { finding } from '../../../diagnostics/findings/finding.ts'
import { suggest } from '../../../diagnostics/text/suggest.ts'
import { locationOf, type Spot } from '../../source/places.ts'
import { isTable, newTable, type Table } from '../../source/tree.ts'
import type { HeadedDocument } from './header.ts'
import { sectionsOf } from './merge-documents.ts'
import { KIND_OF_SECTION } from '../sections.ts'
import type { Run } from '../run.ts'
import type { VhostTree } from './vhost-tree.ts'

// The maximum number of names that are compared to find a similar one.
const MOST_CANDIDATES = 1_000

/**
 * Merges an overlay over the merged document of its vhost: RFC 7386, so null removes and a list replaces. An overlay
 * without a vhost applies to the only vhost of the run. `complete` means that no document is missing because of
 * mistakes.
 */
export function applyOverlay(
  trees: readonly VhostTree[],
  overlay: HeadedDocument,
  complete: boolean,
  run: Run,
): VhostTree[] {
  const target = targetOf(trees, overlay, complete, run)
  if (!target) return [...trees]
  const patch = withoutNew(patchOf(overlay, target.name, run), target.root, complete, run)
  const root = mergePatch(target.root, patch, run)
  return trees.map((tree) => (tree === target ? { ...tree, root } : tree))
}

function targetOf(
  trees: readonly VhostTree[],
  { vhost, vhostPlace, place }: HeadedDocument,
  complete: boolean,
  run: Run,
): VhostTree | undefined {
  const vhosts = trees.map(({ name }) => name)
  if (vhost === undefined) {
    if (trees.length > 1) {
      run.report(finding('overlay-vhost-missing', { vhosts }, locationOf({ ...place, end: place.start + 1 })))
    }
    return trees.length === 1 ? trees[0] : undefined
  }
  const target = trees.find(({ name }) => name === vhost)
  if (!target && complete) {
    const suggestion = suggest(vhost, vhosts)
    const args = { vhost, ...(suggestion !== undefined && { suggestion }) }
    run.report(finding('overlay-vhost-unknown', args, locationOf(vhostPlace)))
  }
  return target
}

/** The sections of an overlay and, in the long form, its vhost. */
function patchOf({ root, place, claim }: HeadedDocument, name: string, run: Run): Table {
  const patch = newTable()
  const spots = new Map<string | number, Spot>()
  for (const key of [...sectionsOf(root, run, true), ...(claim ? ['vhost'] : [])]) {
    const spot = run.places.spot(root, key)
    if (spot) spots.set(key, spot)
    patch[key] = root[key] ?? null
  }
  if (claim) claim['name'] = name
  run.places.recordSpots(patch, place, spots)
  return patch
}

/** Sections whose entries have no properties of warren, so that they cannot contain `new`. */
const RAW_SECTIONS = new Set(['parameters', 'globalParameters', 'federationUpstreamSets'])

/**
 * Removes `new: true` from a patch, and reports objects without it that no document declares, because most of them
 * are misspelled.
 */
function withoutNew(patch: Table, base: Table, complete: boolean, run: Run): Table {
  const sections: Table = Object.assign(newTable(), patch)
  run.places.recordCopy(sections, patch)
  for (const [section, kind] of Object.entries(KIND_OF_SECTION)) {
    const entries = patch[section]
    if (!isTable(entries) || RAW_SECTIONS.has(section)) continue
    const declared = isTable(base[section]) ? base[section] : newTable()
    const copy = newTable()
    run.places.recordCopy(copy, entries)
    for (const [name, entry] of Object.entries(entries)) {
      copy[name] = isTable(entry) ? withoutKey(entry, 'new', run) : entry
      const isNew = isTable(entry) && entry['new'] === true
      const location = run.places.locate(entries, name)
      if (isNew && name in declared) run.report(finding('overlay-new-exists', { kind, name }, location))
      if (isNew || !isTable(entry) || name in declared || !complete) continue
      const suggestion = similar(name, Object.keys(declared))
      const args = { kind, name, ...(suggestion !== undefined && { suggestion }) }
      run.report(finding('overlay-name-unknown', args, location))
    }
    sections[section] = copy
  }
  return sections
}

function withoutKey(table: Table, key: string, run: Run): Table {
  if (!(key in table)) return table
  const copy: Table = Object.assign(newTable(), table)
  delete copy[key]
  run.places.recordCopy(copy, table)
  return copy
}

function similar(name: string, candidates: readonly string[]): string | undefined {
  return candidates.length > MOST_CANDIDATES ? undefined : suggest(name, candidates)
}

function mergePatch(base: Table | undefined, patch: Table, run: Run): Table {
  const merged: Table = Object.assign(newTable(), base)
  if (base) run.references.carry(base, merged)
  const spots = new Map<string | number, Spot>(base && run.places.spots(base))
  const present = Object.keys(merged)
  for (const [key, spot] of run.places.spots(patch)) {
    const name = String(key)
    const value = patch[name]
    if (value === undefined) continue
    if (value === null) {
      if (!(name in merged)) reportNothingRemoved(name, spot, present, run)
      delete merged[name]
      spots.delete(name)
      run.references.forget(merged, name)
    } else if (isTable(value)) {
      const patched = merged[name]
      merged[name] = mergePatch(isTable(patched) ? patched : undefined, value, run)
      if (patched === undefined || !spots.has(name)) spots.set(name, spot)
    } else {
      merged[name] = value
      spots.set(name, spot)
      run.references.forget(merged, name)
      run.references.carryEntry(patch, merged, name)
    }
  }
  run.places.recordSpots(merged, run.places.own(base ?? patch), spots)
  return merged
}

function reportNothingRemoved(key: string, spot: Spot, present: readonly string[], run: Run): void {
  const suggestion = similar(key, present)
  const args = { key, ...(suggestion !== undefined && { suggestion }) }
  run.report(finding('overlay-removes-nothing', args, locationOf(spot.key)))
}
