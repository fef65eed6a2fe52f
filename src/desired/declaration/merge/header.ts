import { finding } from '../../../diagnostics/findings/finding.ts'
import { suggest } from '../../../diagnostics/text/suggest.ts'
import type { ParsedDocument } from '../../source/yaml/parse-documents.ts'
import { locationOf, type Place, type Spot } from '../../source/places.ts'
import { isTable, type Table } from '../../source/tree.ts'
import type { Description } from '../../../model/descriptions.ts'
import { readDescription } from '../describe.ts'
import { foreignFile } from '../foreign-file.ts'
import { type HandOverHeader, readHandOver } from '../hand-over.ts'
import { checkName } from '../names.ts'
import type { Run } from '../run.ts'
import { nodeOfKey } from '../schema/schema.ts'
import { DOCUMENT_KEYS } from '../sections.ts'
import { unknownKey } from '../schema/unknown-key.ts'
import { describeFound, wrongValue } from '../schema/wrong-value.ts'

/** A document, and the content of its header. */
export interface HeadedDocument {
  readonly root: Table
  readonly place: Place
  readonly project?: { readonly name: string; readonly place: Place }
  /** After `--vhost FROM=TO`; undefined if an overlay does not name it. */
  readonly vhost?: string
  readonly vhostPlace: Place
  /** The long form of `vhost`. */
  readonly claim?: Table
  /** The objects that the project takes over from others. */
  readonly handOver: HandOverHeader
  /** The description and labels that its header gives to all of its declarations. */
  readonly described: Description
}

const DEFAULT_VHOST = '/'

/** Reads the header of a document, and reports invalid and unknown keys. */
export async function readHeader(
  document: ParsedDocument,
  role: 'topology' | 'overlay',
  vhosts: VhostMapping,
  run: Run,
): Promise<HeadedDocument | undefined> {
  const { root, place } = document
  if (!isTable(root)) {
    const found = describeFound({ value: root, spot: { key: place, value: place } })
    run.report(finding('document-not-table', { found }, locationOf(place)))
    return undefined
  }
  const is = foreignFile(root)
  if (is !== undefined) {
    run.report(finding('not-a-topology', { path: place.source.path, is }, locationOf(place)))
    return undefined
  }
  await run.references.resolveEntry(root, 'project')
  await run.references.resolveEntry(root, 'vhost')
  if (isTable(root['vhost'])) await run.references.resolveEntry(root['vhost'], 'name')
  reportUnknownKeys(root, run)
  // A syntax error may have hidden what seems to be missing.
  const mayLack = role === 'overlay' || document.damage.length > 0
  checkVersion(root, place, mayLack, run)
  const project = readProject(root, place, mayLack, run)
  const { name, place: vhostPlace, claim } = readVhost(root, place, role, run)
  return {
    root,
    place,
    vhostPlace,
    handOver: await readHandOver(root, run),
    described: await readDescription(root, run),
    ...(name !== undefined && { vhost: vhosts.map(name) }),
    ...(project && { project }),
    ...(claim && { claim }),
  }
}

function reportUnknownKeys(root: Table, run: Run): void {
  for (const key of Object.keys(root)) {
    if (DOCUMENT_KEYS.includes(key) || key.startsWith('x-')) continue
    run.report(unknownKey(root, key, DOCUMENT_KEYS, run))
  }
}

function checkVersion(root: Table, place: Place, mayLack: boolean, run: Run): void {
  const version = root['warren']
  if (version === 1) return
  if (version === undefined) {
    if (!mayLack) reportMissing('warren', place, run)
  } else if (typeof version === 'number' && Number.isInteger(version) && version > 1) {
    run.report(finding('format-version', { version: String(version) }, run.places.locate(root, 'warren', 'value')))
  } else reportWrong('warren', root, run)
}

function readProject(root: Table, place: Place, mayLack: boolean, run: Run): HeadedDocument['project'] {
  const name = root['project']
  if (name === undefined) {
    if (!mayLack) reportMissing('project', place, run)
    return undefined
  }
  if (typeof name !== 'string') {
    reportWrong('project', root, run)
    return undefined
  }
  if (run.references.resolved(root, 'project')?.failed) return undefined
  const at = spotOf(root, 'project', run).value
  checkName('project', name, locationOf(at), run)
  return { name, place: at }
}

function readVhost(
  root: Table,
  place: Place,
  role: 'topology' | 'overlay',
  run: Run,
): { name?: string; place: Place; claim?: Table } {
  const written = root['vhost']
  if (written === undefined) return role === 'overlay' ? { place } : { name: DEFAULT_VHOST, place }
  const claim = isTable(written) ? written : undefined
  const within = claim ?? root
  const key = claim ? 'name' : 'vhost'
  const name = within[key]
  if (typeof name !== 'string') {
    // The schema check reports mistakes in the long form.
    if (!claim) reportWrong('vhost', root, run)
    return { name: DEFAULT_VHOST, place, ...(claim && { claim }) }
  }
  const at = spotOf(within, key, run).value
  if (!run.references.resolved(within, key)?.failed) checkName('vhost', name, locationOf(at), run)
  return { name, place: at, ...(claim && { claim }) }
}

function reportMissing(key: string, place: Place, run: Run): void {
  const meaning = nodeOfKey(key).description ?? ''
  run.report(finding('missing-key', { key, meaning }, locationOf({ ...place, end: place.start + 1 })))
}

function reportWrong(key: string, root: Table, run: Run): void {
  const resolved = run.references.resolved(root, key)
  const misfit = { what: key, value: root[key] ?? null, spot: spotOf(root, key, run), resolved }
  run.report(wrongValue(misfit, nodeOfKey(key)))
}

function spotOf(container: Table, key: string, run: Run): Spot {
  const own = run.places.own(container)
  return run.places.spot(container, key) ?? { key: own, value: own }
}

/** `--vhost FROM=TO`: maps the vhosts in the files to those of the run. */
export class VhostMapping {
  readonly #targets: Readonly<Record<string, string>>
  readonly #ofEnvironment: Readonly<Record<string, string>>
  readonly #written = new Set<string>()

  /**
   * @param ofEnvironment the renames of an environment, which apply to all projects, although each project names only
   *   some of the vhosts
   */
  constructor(targets: Readonly<Record<string, string>>, ofEnvironment: Readonly<Record<string, string>> = {}) {
    this.#targets = targets
    this.#ofEnvironment = ofEnvironment
  }

  map(written: string): string {
    this.#written.add(written)
    const targets = Object.hasOwn(this.#targets, written) ? this.#targets : this.#ofEnvironment
    return Object.hasOwn(targets, written) ? (targets[written] ?? written) : written
  }

  /** Reports renamed vhosts that no document declares, and invalid names. */
  check(run: Run): void {
    for (const [from, to] of Object.entries(this.#ofEnvironment)) {
      if (this.#written.has(from) && !Object.hasOwn(this.#targets, from)) checkName('vhost', to, undefined, run)
    }
    for (const [from, to] of Object.entries(this.#targets)) {
      checkName('vhost', to, undefined, run)
      if (!this.#written.has(from)) {
        const suggestion = suggest(from, [...this.#written])
        run.report(finding('vhost-mapping-unknown', { from, ...(suggestion !== undefined && { suggestion }) }))
      }
    }
  }
}
