import { finding, type Finding } from '../../../diagnostics/findings/finding.ts'
import type { Description, Descriptions } from '../../../model/descriptions.ts'
import type { HandOver } from '../../../model/desired.ts'
import { containsCredentials } from '../../../model/secrets/mask-credentials.ts'
import { containsSecret } from '../../../model/secrets/mask-data.ts'
import type { SecretRegistry } from '../../../model/secrets/secret-registry.ts'
import { replaceReferences } from '../../../model/values/written-value.ts'
import { locationOf, type Place, type Spot } from '../../source/places.ts'
import { escapeReferences } from '../../source/references/named-text.ts'
import { isTable, newTable, type Table, type Tree } from '../../source/tree.ts'
import { type CommentedEntry, type CommentedTable, type CommentedValue, isList } from '../../source/yaml/commented.ts'
import type { VhostTree } from '../merge/vhost-tree.ts'
import type { Run } from '../run.ts'
import { DESCRIBED_SECTIONS, HEADER_KEYS, WRITTEN_SECRETS } from '../sections.ts'
import { rebased } from './rebase.ts'
import { revealsSecret, withKeptReferences } from './written-text.ts'
import { formatLocation } from '../../../diagnostics/location.ts'
import { onOneLine } from '../../../diagnostics/text/shown-text.ts'

/** The merged and checked documents of a run. */
export interface WriteOutInput {
  readonly trees: readonly VhostTree[]
  readonly project: string
  readonly handOver: HandOver | undefined
  readonly descriptions: Descriptions | undefined
  /** The descriptions and labels in the headers of all documents and overlays. */
  readonly headers: readonly Description[]
  readonly run: Run
}

export interface WriteOutOptions {
  /** Values of `${var:name}`. */
  readonly variables: Readonly<Record<string, string>>
  /** The folder that the relative paths in the text start from. */
  readonly folder: string
  /** The texts that it must not contain. */
  readonly secrets: SecretRegistry
}

/** One document for each virtual host, and the findings about writing it. */
export interface WrittenOut {
  readonly documents: readonly CommentedTable[]
  readonly findings: readonly Finding[]
}

type Path = readonly (string | number)[]

/**
 * Writes merged documents as documents without shapes and overlays that declare the same. References that are
 * resolved where they are needed are kept, and literal secrets are findings.
 */
export function writeOut(input: WriteOutInput, options: WriteOutOptions): WrittenOut {
  const findings: Finding[] = []
  const run: Run = { ...input.run, report: (found) => void findings.push(found) }
  const writer = new DocumentWriter({ ...input, run }, options)
  return { documents: input.trees.map((tree, index) => writer.document(tree, index === 0)), findings }
}

class DocumentWriter {
  readonly #input: WriteOutInput
  readonly #options: WriteOutOptions
  readonly #run: Run
  /** The header keys, which are the same in all documents. */
  readonly #header: Description | undefined

  constructor(input: WriteOutInput, options: WriteOutOptions) {
    this.#input = input
    this.#options = options
    this.#run = input.run
    const [first, ...others] = input.headers
    this.#header = others.every((each) => isSame(each, first ?? {})) ? first : undefined
  }

  document({ name, root }: VhostTree, isFirst: boolean): CommentedTable {
    const { project, handOver } = this.#input
    const entries: CommentedEntry[] = [
      { key: 'warren', value: 1 },
      { key: 'project', value: escapeReferences(project) },
      { key: 'vhost', value: this.#vhost(name, root) },
    ]
    if (isFirst && handOver && handOver.takesOver.length > 0) {
      entries.push({ key: 'takesOver', value: handOver.takesOver.map(escapeReferences) })
    }
    if (isFirst && handOver?.renamedFrom !== undefined) {
      entries.push({ key: 'projectRenamedFrom', value: escapeReferences(handOver.renamedFrom) })
    }
    if (this.#header) {
      const header = described(this.#header)
      const spot = this.#run.places.spot(root, 'vhost')
      if (spot) this.#refuseSecrets({ entries: header }, spot)
      entries.push(...header)
    }
    for (const [key, section] of Object.entries(root)) {
      if (HEADER_KEYS.has(key) || typeof section !== 'object' || section === null) continue
      if (Object.keys(section).length === 0) continue
      entries.push({ key, value: this.#section(key, section) })
    }
    return { entries }
  }

  #vhost(name: string, root: Table): CommentedValue {
    const claim = root['vhost']
    const spot = this.#run.places.spot(root, 'vhost')
    if (!isTable(claim) || !spot) return escapeReferences(name)
    const { name: _name, ...rest } = claim
    // The description of a virtual host is stored on the broker.
    const { labels } = this.#effective(spot)
    const written = this.#table(claim, ['vhost'], Object.keys(rest))
    const table = this.#header || !labels ? written : withDescription(written, { labels })
    this.#refuseSecrets(table, spot)
    return { entries: [{ key: 'name', value: escapeReferences(name) }, ...table.entries] }
  }

  #section(section: string, value: Table | Tree[]): CommentedValue {
    const { places } = this.#run
    if (Array.isArray(value)) {
      return value.map((item, index) => {
        const spot = places.spot(value, index)
        return this.#object(item, [section, index], spot, value)
      })
    }
    const entries = Object.entries(value).map(([name, entry]): CommentedEntry => {
      const spot = places.spot(value, name)
      const isComponent = section === 'parameters' && isTable(entry)
      const written = isComponent
        ? this.#section('parameter', entry)
        : this.#object(entry, [section, name], spot, value)
      const comment = spot && !isComponent ? originOf(isTable(entry) ? entry : newTable(), spot, this.#run) : undefined
      return { key: escapeReferences(name), value: written, ...(comment !== undefined && { comment }) }
    })
    return { entries }
  }

  #object(value: Tree, path: Path, spot: Spot | undefined, container: object): CommentedValue {
    const [section, name = ''] = path
    const isDescribed = DESCRIBED_SECTIONS.some((each) => each === section) || section === 'bindings'
    const isInherited = isDescribed && spot !== undefined && this.#header === undefined
    const written =
      isTable(value) && isInherited
        ? withDescription(this.#table(value, path), this.#effective(spot))
        : this.#value(container, name, value, path)
    if (spot) this.#refuseSecrets(written, spot)
    return written
  }

  /** The description of a declaration, including that of the header of its document. */
  #effective(spot: Spot): Description {
    return this.#input.descriptions?.of({ origin: locationOf(spot.key) }) ?? {}
  }

  #table(table: Table, path: Path, keys: readonly string[] = Object.keys(table)): CommentedTable {
    const entries = keys.map((key) => ({
      // Within an object, only these keys are names that are resolved.
      key: path[0] === 'users' && path[2] === 'topicPermissions' ? escapeReferences(key) : key,
      value: this.#value(table, key, table[key] ?? null, [...path, key]),
    }))
    return { entries }
  }

  #value(container: object, key: string | number, value: Tree, path: Path): CommentedValue {
    if (Array.isArray(value)) return value.map((each, index) => this.#value(value, index, each, [...path, index]))
    if (isTable(value)) return this.#table(value, path)
    if (typeof value === 'string') return this.#text(container, key, value, path)
    // A single reference may have become a number.
    const kept = value === null ? undefined : this.#kept(container, key)
    return kept ?? value
  }

  #text(container: object, key: string | number, value: string, path: Path): string {
    const { report } = this.#run
    const place = this.#placeOf(container, key)
    const isUnresolved = path.length === 3 && path[0] === 'users' && WRITTEN_SECRETS.has(String(key))
    if (isUnresolved && revealsSecret(value)) report(finding('secret-in-rendered', {}, locationOf(place)))
    const kept = this.#kept(container, key, isUnresolved ? value : undefined)
    if (path[2] === 'message' && path[3] === 'schema') return this.#schemaPath(kept, value, place.source.path)
    return kept ?? (isUnresolved ? value : escapeReferences(value))
  }

  /** The text of an entry with the kept references; undefined if there are none. */
  #kept(container: object, key: string | number, unresolved?: string): string | undefined {
    const written = unresolved ?? this.#run.references.resolved(container, key)?.written
    if (written === undefined) return undefined
    return withKeptReferences(written, this.#placeOf(container, key), { ...this.#options, run: this.#run })
  }

  #placeOf(container: object, key: string | number): Place {
    const { places } = this.#run
    return places.spot(container, key)?.value ?? places.own(container)
  }

  /** The path of a message schema is relative to the file that contains it. */
  #schemaPath(kept: string | undefined, path: string, file: string): string {
    if (kept === undefined) return escapeReferences(rebased(path, file, this.#options.folder))
    const folder = rebased('', file, this.#options.folder)
    return folder === '' || rebased(path, file, this.#options.folder) === path
      ? kept
      : `${escapeReferences(folder)}/${kept}`
  }

  #refuseSecrets(written: CommentedValue, spot: Spot): void {
    const data = { value: plainOf(written) }
    if (!containsCredentials(data) && !containsSecret(data, this.#options.secrets)) return
    this.#run.report(finding('secret-in-rendered', {}, locationOf(spot.key)))
  }
}

function described({ description, labels }: Description): CommentedEntry[] {
  const entries = Object.entries(labels ?? {}).map(([key, value]) => ({ key, value: escapeReferences(value) }))
  return [
    ...(description === undefined ? [] : [{ key: 'description', value: escapeReferences(description) }]),
    ...(labels === undefined ? [] : [{ key: 'labels', value: { entries } }]),
  ]
}

function withDescription({ entries }: CommentedTable, description: Description): CommentedTable {
  const added = described(description)
  return { entries: [...added, ...entries.filter(({ key }) => !added.some((each) => each.key === key))] }
}

function isSame(one: Description, other: Description): boolean {
  const sorted = ({ description, labels = {} }: Description): string =>
    JSON.stringify([description, Object.entries(labels).toSorted(([a], [b]) => (a < b ? -1 : 1))])
  return sorted(one) === sorted(other)
}

/** Converts to plain data, without references. */
function plainOf(value: CommentedValue): unknown {
  if (typeof value === 'string') return replaceReferences(value, '')
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(plainOf)
  return Object.fromEntries(value.entries.map(({ key, value: each }) => [key, plainOf(each)]))
}

/** The origin of an object on one line: its position, instance, templates and overlays. */
function originOf(entry: Table, spot: Spot, run: Run): string {
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
