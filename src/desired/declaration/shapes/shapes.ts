import { isContainer, isTable, newTable, type Table, type Tree } from '../../source/tree.ts'
import type { ParsedDocument, ParsedFile } from '../../source/yaml/parse-documents.ts'
import { foreignFile } from '../foreign-file.ts'
import { readHeader, type HeadedDocument, type VhostMapping } from '../merge/header.ts'
import type { Run } from '../run.ts'
import { nodeOfKey } from '../schema/schema.ts'
import { wrongValue } from '../schema/wrong-value.ts'
import { HEADER_KEYS, KIND_OF_SECTION } from '../sections.ts'
import { checkWildcards } from './check-wildcards.ts'
import { Filler, namesBelow } from './filler.ts'
import { ForEachReader, type Instance, type ReadLines } from './for-each.ts'
import { inherit, namesOfDerivedQueues } from './inherit.ts'
import { Instances } from './instances.ts'
import { reportNew, withoutShapes } from './overlay-shapes.ts'
import { scopeWith, useOfInstance, type Scope } from './scope.ts'
import { readTemplateFile, TemplateFiles, type ReadTemplates } from './template-files.ts'
import { checkShape, checkTemplates, Templates } from './templates.ts'
import type { VhostTree } from '../merge/vhost-tree.ts'

/** Values and files for repeated shapes that are not in the documents. */
export interface ShapeInput {
  /** The value of `${environment}`: the name of the chosen environment. Absent if there is none. */
  readonly environmentName?: string | undefined
  /** Reads a template file. Default: the file system. */
  readonly readTemplates?: ReadTemplates
  /** Reads the file of `{ lines: file }`. */
  readonly readLines: ReadLines
  readonly users: 'check' | 'ignore'
}

/** A document, and the properties that its objects may inherit. */
interface Prepared {
  readonly document: ParsedDocument
  readonly root: Table
  readonly templates: readonly Table[]
}

/** A document whose root is a table. */
type TableDocument = Omit<ParsedDocument, 'root'> & { readonly root: Table }

const SHAPE_KEYS = ['use', 'defaults', 'templates', 'forEach']

/**
 * Expands repeated shapes, so that later steps see documents in which everything is written out: first inherited
 * properties, then instances, each a copy with names replaced. The cost is proportional to the size of the result.
 */
export class Shapes {
  /** Whether documents are missing because of mistakes in their `forEach`. */
  incomplete = false
  readonly #run: Run
  readonly #scope: Scope
  readonly #files: TemplateFiles
  readonly #filler: Filler
  readonly #forEach: ForEachReader
  readonly #users: 'check' | 'ignore'
  readonly #shapes = new Set<Table>()
  readonly #defaults = new Set<Table>()
  readonly #wildcardVhosts: { readonly from: number; readonly vhost: string }[] = []

  constructor(input: ShapeInput, run: Run) {
    this.#run = run
    this.#scope = {
      instance: new Map(),
      ...(input.environmentName !== undefined && { environment: input.environmentName }),
    }
    this.#files = new TemplateFiles(input.readTemplates ?? readTemplateFile, run)
    this.#filler = new Filler(run)
    this.#forEach = new ForEachReader(input.readLines, run)
    this.#users = input.users
  }

  /** The template files that documents use. */
  get files(): readonly ParsedFile[] {
    return this.#files.parsed
  }

  /**
   * The fully expanded documents of topology files, and their headers. The documents in `empty` have no instances:
   * only their statements about the project count.
   */
  async documents(
    parsed: readonly ParsedDocument[],
    mapping: VhostMapping,
  ): Promise<{ documents: HeadedDocument[]; empty: HeadedDocument[] }> {
    const prepared: (ParsedDocument | Prepared)[] = []
    for (const document of parsed) reportNew(document, this.#run)
    for (const document of parsed) prepared.push((await this.#prepare(document)) ?? document)
    const named = namedQueues(prepared.filter((each): each is Prepared => 'templates' in each))
    const documents: HeadedDocument[] = []
    const empty: HeadedDocument[] = []
    for (const each of prepared) {
      if ('templates' in each) this.#inherit(each, named.get(vhostText(each.root)) ?? new Set())
      const document = 'templates' in each ? { ...each.document, root: each.root } : each
      const headed = await this.#instances(document, mapping)
      for (const header of headed.headers) (headed.isEmpty ? empty : documents).push(header)
    }
    return { documents, empty }
  }

  /** An overlay with names replaced; `onlyVhost` is its vhost if it names none. */
  async overlay(
    document: ParsedDocument,
    mapping: VhostMapping,
    onlyVhost: string | undefined,
  ): Promise<HeadedDocument | undefined> {
    const written = rootOf(document)
    if (!written) return readHeader(document, 'overlay', mapping, this.#run)
    const root = withoutShapes(written, this.#run)
    if (!needsFilling(root)) return readHeader({ ...document, root }, 'overlay', mapping, this.#run)
    return this.#head({ ...document, root }, 'overlay', this.#scope, this.#newInstances(), mapping, onlyVhost)
  }

  /** Runs the checks that need the merged documents of all virtual hosts. */
  check(trees: readonly VhostTree[]): void {
    for (const sections of this.#defaults) checkShape(sections, this.#run)
    for (const templates of this.#shapes) checkTemplates(templates, this.#run)
    for (const [index, { from, vhost }] of this.#wildcardVhosts.entries()) {
      const keys = this.#filler.wildcards.slice(from, this.#wildcardVhosts[index + 1]?.from)
      checkWildcards(keys, trees.find(({ name }) => name === vhost)?.root, this.#run)
    }
  }

  /** Loads the templates of a document and removes their keys from its header; undefined without shapes. */
  async #prepare(document: ParsedDocument): Promise<Prepared | undefined> {
    const root = rootOf(document)
    if (!root || !mentionsShapes(root)) return undefined
    const templates = await this.#files.usedBy(root)
    const { use: _use, templates: own, defaults, ...rest } = root
    for (const [key, value] of [['templates', own] as const, ['defaults', defaults] as const]) {
      if (value !== undefined && !isTable(value)) this.#reportNotTable(root, key, value)
    }
    const all = isTable(own) ? [...templates, own] : templates
    for (const table of all) this.#shapes.add(table)
    if (isTable(defaults)) this.#defaults.add(defaults)
    const copy: Table = Object.assign(newTable(), rest, isTable(defaults) && { defaults })
    this.#run.places.recordCopy(copy, root)
    return { document, root: copy, templates: all }
  }

  #reportNotTable(root: Table, key: string, value: Tree): void {
    const own = this.#run.places.own(root)
    const spot = this.#run.places.spot(root, key) ?? { key: own, value: own }
    this.#run.report(wrongValue({ what: key, value, spot }, nodeOfKey(key)))
  }

  #inherit({ root, templates }: Prepared, named: ReadonlySet<string>): void {
    const { defaults } = root
    delete root['defaults']
    const claim = root['vhost']
    const type = isTable(claim) ? claim['defaultQueueType'] : undefined
    const inheritance = {
      defaults: isTable(defaults) ? defaults : undefined,
      templates: new Templates(templates, this.#run),
      namedQueues: named,
      defaultQueueType: typeof type === 'string' ? type : undefined,
    }
    inherit(root, inheritance, this.#run)
  }

  async #instances(
    document: ParsedDocument,
    mapping: VhostMapping,
  ): Promise<{ headers: HeadedDocument[]; isEmpty: boolean }> {
    const written = rootOf(document)
    if (!written) {
      const header = await readHeader(document, 'topology', mapping, this.#run)
      return { headers: header ? [header] : [], isEmpty: false }
    }
    const instances = 'forEach' in written ? await this.#forEach.read(written, this.#scope) : [NO_NAMES]
    if (instances === undefined) this.incomplete = true
    const { forEach: _forEach, ...rest } = written
    const root: Table = Object.assign(newTable(), rest)
    this.#run.places.recordCopy(root, written)
    if (instances === undefined || instances.length === 0) {
      delete root['vhost']
      const header = await readHeader({ ...document, root }, 'overlay', mapping, this.#run)
      return { headers: header ? [header] : [], isEmpty: true }
    }
    const made = this.#newInstances()
    const headers: HeadedDocument[] = []
    for (const instance of instances) {
      const single = instance.size === 0 && !needsFilling(root)
      const header = single
        ? await readHeader({ ...document, root }, 'topology', mapping, this.#run)
        : await this.#head({ ...document, root }, 'topology', scopeWith(this.#scope, instance), made, mapping)
      if (header) headers.push(header)
    }
    return { headers, isEmpty: false }
  }

  #newInstances(): Instances {
    return new Instances({ filler: this.#filler, forEach: this.#forEach, users: this.#users, run: this.#run })
  }

  /** One instance of a document. The header comes first, because the sections may contain the name of the vhost. */
  async #head(
    document: TableDocument,
    role: 'topology' | 'overlay',
    scope: Scope,
    instances: Instances,
    mapping: VhostMapping,
    onlyVhost?: string,
  ): Promise<HeadedDocument | undefined> {
    const use = useOfInstance(scope)
    const root: Table = Object.assign(newTable(), document.root)
    this.#run.places.recordCopy(root, document.root, use)
    for (const key of HEADER_KEYS) {
      const value = root[key]
      if (key === 'vhost' && isTable(value)) {
        const claim: Table = Object.assign(newTable(), value)
        this.#run.places.recordCopy(claim, value, use)
        this.#filler.fillEntry(claim, 'name', ['vhost', 'name'], scope)
        root[key] = claim
      } else if (isContainer(value)) root[key] = this.#filler.copy(value, [key], scope, use)
      else this.#filler.fillEntry(root, key, [key], scope)
    }
    const header = await readHeader({ ...document, root }, role, mapping, this.#run)
    if (!header) return undefined
    const vhost = header.vhost ?? onlyVhost
    const within: Scope = { ...scope, ...(vhost !== undefined && { vhost }) }
    if (vhost !== undefined) this.#wildcardVhosts.push({ from: this.#filler.wildcards.length, vhost })
    for (const [key, value] of Object.entries(root)) {
      if (Object.hasOwn(KIND_OF_SECTION, key) || key === 'bindings') {
        root[key] = await instances.section(key, value, within)
      }
    }
    return this.#withClaim(header, within, instances)
  }

  /** Several instances in one virtual host declare it once. */
  #withClaim(header: HeadedDocument, scope: Scope, instances: Instances): HeadedDocument {
    const { claim, ...unclaimed } = header
    if (!claim) return header
    const names = [...namesBelow(claim)].filter((name) => scope.instance.has(name))
    if (scope.instance.size > 0 && !instances.isFirst('vhost', scope, names)) return unclaimed
    const use = useOfInstance(scope)
    for (const [key, value] of Object.entries(claim)) {
      if (key === 'name') continue
      if (isContainer(value)) claim[key] = this.#filler.copy(value, ['vhost', key], scope, use)
      else this.#filler.fillEntry(claim, key, ['vhost', key], scope)
    }
    return header
  }
}

const NO_NAMES: Instance = new Map()

function rootOf({ root }: ParsedDocument): Table | undefined {
  return isTable(root) && foreignFile(root) === undefined ? root : undefined
}

/** Whether a document has defaults or templates, or an entry that uses some. */
function mentionsShapes(root: Table): boolean {
  return (
    SHAPE_KEYS.some((key) => key in root) ||
    Object.values(root).some(
      (section) => isTable(section) && Object.values(section).some((entry) => isTable(entry) && 'template' in entry),
    )
  )
}

/** Whether a document contains names to replace, references in keys, or repeated entries. */
function needsFilling(root: Table): boolean {
  return Object.entries(root).some(([key, value]) => !key.startsWith('x-') && holdsNames(value))
}

function holdsNames(value: Tree): boolean {
  // Most texts contain none, and a large topology has hundreds of thousands of texts.
  if (typeof value === 'string') return value.includes('${') && namesBelow(value).size > 0
  if (!isContainer(value)) return false
  if (Array.isArray(value)) return value.some(holdsNames)
  for (const key of Object.keys(value)) {
    if (key === 'forEach' || key.includes('${') || holdsNames(value[key] ?? null)) return true
  }
  return false
}

/** The names of dead-letter and delay queues in the documents of one virtual host, by its written name. */
function namedQueues(documents: readonly Prepared[]): Map<string, Set<string>> {
  const byVhost = new Map<string, Set<string>>()
  for (const { root, templates } of documents) {
    const names = byVhost.get(vhostText(root)) ?? new Set()
    byVhost.set(vhostText(root), names)
    const { queues, defaults } = root
    const shapes = templates.flatMap((table) => Object.values(table))
    const inherited = [defaults, ...shapes].map((shape) => (isTable(shape) ? shape['queues'] : undefined))
    namesOfDerivedQueues(inherited, names)
    if (isTable(queues)) namesOfDerivedQueues(Object.values(queues), names)
  }
  return byVhost
}

function vhostText(root: Table): string {
  const written = root['vhost'] ?? '/'
  return JSON.stringify(isTable(written) ? (written['name'] ?? '') : written)
}
