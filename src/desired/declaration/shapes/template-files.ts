import { dirname, join, resolve } from 'node:path'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { locationOf, type Place } from '../../source/places.ts'
import { readSources } from '../../source/read-sources.ts'
import type { SourceFile } from '../../source/source-file.ts'
import { isTable, type Table } from '../../source/tree.ts'
import { parseFile } from '../../source/parse-file.ts'
import type { ParsedFile } from '../../source/yaml/parse-documents.ts'
import { nodeOfKey } from '../schema/schema.ts'
import { unknownKey } from '../schema/unknown-key.ts'
import { wrongValue } from '../schema/wrong-value.ts'
import type { Run } from '../run.ts'

/** Reads a template file by its shown path. */
export type ReadTemplates = (path: string) => Promise<{ readonly text: string } | { readonly reason: string }>

const FILE_KEYS = ['warrenTemplates', 'templates']

/** The template files that documents name with `use`: each is read once. */
export class TemplateFiles {
  /** The files that were read. */
  readonly parsed: ParsedFile[] = []
  readonly #read: ReadTemplates
  readonly #run: Run
  readonly #known = new Map<string, Promise<Table | undefined>>()

  constructor(read: ReadTemplates, run: Run) {
    this.#read = read
    this.#run = run
  }

  /** The `templates` of all files that the header of a document names, in order. */
  async usedBy(root: Table): Promise<Table[]> {
    const list = root['use']
    if (list === undefined) return []
    const { places, references } = this.#run
    if (!Array.isArray(list)) {
      const own = places.own(root)
      const spot = places.spot(root, 'use') ?? { key: own, value: own }
      this.#run.report(wrongValue({ what: 'use', value: list, spot }, nodeOfKey('use')))
      return []
    }
    await references.resolveList(list, 'use')
    const tables: Table[] = []
    for (const [index, path] of list.entries()) {
      const spot = places.spot(list, index)
      if (!spot || references.resolved(list, index)?.failed) continue
      if (typeof path !== 'string') {
        this.#run.report(wrongValue({ what: `use[${index}]`, value: path, spot }, nodeOfKey('use').items ?? {}))
        continue
      }
      const table = await this.#load(path, spot.value)
      if (table) tables.push(table)
    }
    return tables
  }

  #load(path: string, place: Place): Promise<Table | undefined> {
    const from = place.source.path
    const full = resolve(dirname(from), path)
    const known = this.#known.get(full) ?? this.#parse(resolve(path) === path ? path : join(dirname(from), path), place)
    this.#known.set(full, known)
    return known
  }

  async #parse(path: string, place: Place): Promise<Table | undefined> {
    const read = await this.#read(path)
    if ('reason' in read) {
      this.#run.report(finding('file-unreadable', { path, reason: read.reason }, locationOf(place)))
      return undefined
    }
    const file = await parseFile({ path, text: read.text }, this.#run.places)
    this.parsed.push(file)
    const [document] = file.documents
    const root = document?.root
    if (file.incomplete) return undefined
    if (!isTable(root) || !Object.hasOwn(root, 'warrenTemplates')) {
      const at = document ? locationOf({ ...document.place, end: document.place.start + 1 }) : file.source.locate(0, 1)
      this.#run.report(finding('templates-kind', { path }, at, [{ label: 'used', location: locationOf(place) }]))
      return undefined
    }
    return this.#templatesOf(root)
  }

  #templatesOf(root: Table): Table | undefined {
    const { places, report } = this.#run
    for (const key of Object.keys(root)) {
      if (!FILE_KEYS.includes(key) && !key.startsWith('x-')) report(unknownKey(root, key, FILE_KEYS, this.#run))
    }
    const version = root['warrenTemplates']
    if (version !== 1) {
      report(
        finding(
          'templates-version',
          { version: JSON.stringify(version) },
          places.locate(root, 'warrenTemplates', 'value'),
        ),
      )
      return undefined
    }
    const templates = root['templates']
    if (isTable(templates)) return templates
    const own = places.own(root)
    const spot = places.spot(root, 'templates') ?? { key: own, value: own }
    if (templates !== undefined)
      report(wrongValue({ what: 'templates', value: templates, spot }, nodeOfKey('templates')))
    return undefined
  }
}

/** Reads a template file from the file system. */
export async function readTemplateFile(path: string): Promise<{ text: string } | { reason: string }> {
  const { sources, findings } = await readSources([path])
  const [source]: (SourceFile | undefined)[] = sources
  if (source) return { text: source.text }
  const [found] = findings
  return { reason: found?.code === 'file-unreadable' ? found.args.reason : 'it is not UTF-8 text' }
}
