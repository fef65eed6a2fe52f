import { type DescribedPart, type Description, Descriptions } from '../../model/descriptions.ts'
import { instanceAt, type Place } from '../source/places.ts'
import { isTable, type Table, type Tree } from '../source/tree.ts'
import type { VhostTree } from './merge/vhost-tree.ts'
import type { Run } from './run.ts'
import { nodeOfKey } from './schema/schema.ts'
import { DESCRIBED_SECTIONS } from './sections.ts'
import { wrongValue } from './schema/wrong-value.ts'

/** A document, and the description in its header. */
interface DescribedDocument {
  readonly root: Table
  readonly place: Place
  readonly described: Description
}

/** Reads `description` and `labels` of a header, and reports invalid values. */
export async function readDescription(root: Table, run: Run): Promise<Description> {
  const { labels } = root
  await run.references.resolveEntry(root, 'description')
  if (isTable(labels)) for (const key of Object.keys(labels)) await run.references.resolveEntry(labels, key)
  for (const key of ['description', 'labels'] as const) {
    if (key in root && !isOfForm(key, root[key])) reportWrong(root, key, run)
  }
  return descriptionIn(root)
}

/** The descriptions of everything that the documents and overlays declare; undefined if there are none. */
export function descriptionsOf(
  trees: readonly VhostTree[],
  documents: readonly DescribedDocument[],
  run: Run,
): Descriptions | undefined {
  const parts: DescribedPart[] = []
  const add = (described: Description, from: Place, to: Place): void => {
    if (described.description === undefined && described.labels === undefined) return
    const instance = instanceAt(from)
    parts.push({ ...described, ...rangeOf(from, to), ...(instance.length > 0 && { instance }) })
  }
  for (const { described, place, root } of documents) {
    const { uses } = run.places.own(root)
    add(described, { ...place, ...(uses && { uses }) }, place)
  }
  const addEntry = (container: Table | Tree[], key: string | number, entry: Tree | undefined): void => {
    if (!isTable(entry)) return
    // Most entries have neither, and finding the position of an entry is the most expensive part here.
    const spot = 'description' in entry || 'labels' in entry ? run.places.spot(container, key) : undefined
    if (spot) add(descriptionIn(entry), spot.key, spot.value)
    if (Array.isArray(entry['bindings'])) addEntries(entry['bindings'])
  }
  const addEntries = (container: Table | Tree[]): void => {
    if (Array.isArray(container)) container.forEach((entry, index) => addEntry(container, index, entry))
    else for (const key of Object.keys(container)) addEntry(container, key, container[key])
  }
  for (const { root } of trees) {
    const { vhost, bindings } = root
    const spot = run.places.spot(root, 'vhost')
    // The description of a virtual host is stored on the broker.
    if (isTable(vhost) && spot) add({ ...descriptionIn({ labels: vhost['labels'] ?? null }) }, spot.key, spot.value)
    for (const section of DESCRIBED_SECTIONS) if (isTable(root[section])) addEntries(root[section])
    if (Array.isArray(bindings)) addEntries(bindings)
  }
  return parts.length === 0 ? undefined : new Descriptions(parts)
}

function descriptionIn({ description, labels }: Table): Description {
  return {
    ...(typeof description === 'string' && { description }),
    ...(isLabels(labels) && { labels: { ...labels } }),
  }
}

function isOfForm(key: 'description' | 'labels', value: Tree | undefined): boolean {
  return key === 'labels' ? isLabels(value) : typeof value === 'string'
}

function isLabels(value: Tree | undefined): value is Record<string, string> {
  return isTable(value) && Object.values(value).every((each) => typeof each === 'string')
}

/** An overlay may have added the end of a table; then only the position of its key is known. */
function rangeOf(from: Place, to: Place): Pick<DescribedPart, 'file' | 'from' | 'to'> {
  const { file, line, column } = from.source.locate(from.start, from.start)
  const end = to.source === from.source ? Math.max(to.end, from.end) : from.end
  const last = from.source.locate(end, end)
  return { file, from: [line, column], to: [last.line, last.column] }
}

function reportWrong(root: Table, key: 'description' | 'labels', run: Run): void {
  const own = run.places.own(root)
  const value = root[key] ?? null
  const wrong = isTable(value) ? Object.keys(value).find((name) => typeof value[name] !== 'string') : undefined
  const [container, name] = isTable(value) && wrong !== undefined ? [value, wrong] : [root, key]
  const spot = run.places.spot(container, name) ?? { key: own, value: own }
  const node = wrong === undefined ? nodeOfKey(key) : { type: 'string' }
  run.report(wrongValue({ what: name, value: container[name] ?? null, spot }, node))
}
