import { finding } from '../../../diagnostics/findings/finding.ts'
import { isQueueType, queueTypesOf, type QueueType } from '../../../model/broker-tables/queue-arguments.ts'
import { queueTypesOfProperty } from '../../../model/broker-tables/queue-properties.ts'
import type { Spot, Use } from '../../source/places.ts'
import { isTable, newTable, type Table, type Tree } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import { nodeOfDefinition } from '../schema/schema.ts'
import { wrongValue } from '../schema/wrong-value.ts'
import { KIND_OF_SECTION, SECTIONS_OF_NAMES } from '../sections.ts'
import { mergeShape } from './merge-shape.ts'
import type { Templates } from './templates.ts'

/** The properties that the objects of one document inherit. */
export interface Inheritance {
  readonly defaults: Table | undefined
  readonly templates: Templates
  /** The names of queues that another one names as its dead-letter or delay queue. */
  readonly namedQueues: ReadonlySet<string>
  /** The type of queues without a declared one. */
  readonly defaultQueueType: string | undefined
}

/**
 * Adds inherited properties to the objects of a document: defaults first, then templates in order, then their own
 * properties.
 */
export function inherit(root: Table, inheritance: Inheritance, run: Run): void {
  for (const section of SECTIONS_OF_NAMES) {
    const table = root[section]
    if (!isTable(table)) continue
    const defaults = inheritance.defaults?.[section]
    const entries = Object.entries(table)
    if (!isTable(defaults) && !entries.some(([, entry]) => isTable(entry) && 'template' in entry)) continue
    const copy = newTable()
    run.places.recordCopy(copy, table)
    for (const [name, entry] of entries) {
      copy[name] = new Heir(section, name, table, inheritance, run).inherit(
        entry,
        isTable(defaults) ? defaults : undefined,
      )
    }
    root[section] = copy
  }
}

/** Properties that an object inherits. */
interface Inherited {
  readonly table: Table
  /** Such as `template "worker"`. */
  readonly from: string
}

/** One object with inherited properties. */
class Heir {
  readonly #section: string
  readonly #name: string
  readonly #spot: Spot
  readonly #use: Use
  readonly #inheritance: Inheritance
  readonly #run: Run

  constructor(section: string, name: string, table: Table, inheritance: Inheritance, run: Run) {
    const own = run.places.own(table)
    this.#section = section
    this.#name = name
    this.#spot = run.places.spot(table, name) ?? { key: own, value: own }
    this.#use = { label: `used by the ${this.#kind} ${JSON.stringify(name)}`, place: this.#spot.key }
    this.#inheritance = inheritance
    this.#run = run
  }

  inherit(entry: Tree, defaults: Table | undefined): Tree {
    // If the value is not a table, the check against the schema reports it.
    if (entry !== null && !isTable(entry)) return entry
    const own = this.#withoutTemplate(entry)
    const names = entry === null ? [] : this.#templateNames(entry)
    const reason = own['external'] === true ? 'external' : this.#isNamed() ? 'named' : undefined
    if (reason !== undefined) {
      if (names.length > 0) this.#reportWithoutEffect(entry ?? own, reason)
      return own
    }
    const shapes = names.flatMap(({ name, spot }): Inherited[] => {
      const table = this.#inheritance.templates.find(name, this.#section, spot)
      return table ? [{ table, from: `template ${JSON.stringify(name)}` }] : []
    })
    if (shapes.length === 0 && defaults === undefined) return own
    const { base, leftOut } = this.#ofType(
      defaults,
      this.#typeOf([own, ...shapes.map(({ table }) => table).toReversed(), ...(defaults ? [defaults] : [])]),
    )
    const rules = { section: this.#section, use: this.#use }
    let inherited = this.#empty()
    for (const { table, from } of base ? [{ table: base, from: 'defaults' }, ...shapes] : shapes) {
      const use = { ...this.#use, inherited: from }
      inherited = mergeShape(inherited, table, { ...rules, use, own: false, leftOut }, this.#run)
    }
    return mergeShape(inherited, own, { ...rules, own: true, leftOut }, this.#run)
  }

  get #kind(): string {
    return KIND_OF_SECTION[this.#section] ?? this.#section
  }

  #empty(): Table {
    const empty = newTable()
    this.#run.places.recordSpots(empty, this.#spot.key, new Map())
    return empty
  }

  #withoutTemplate(entry: Table | null): Table {
    if (entry === null) return this.#empty()
    if (!('template' in entry)) return entry
    const { template: _template, ...rest } = entry
    const own: Table = Object.assign(newTable(), rest)
    this.#run.places.recordCopy(own, entry)
    return own
  }

  #isNamed(): boolean {
    return this.#section === 'queues' && this.#inheritance.namedQueues.has(this.#name)
  }

  #reportWithoutEffect(entry: Table, reason: 'external' | 'named'): void {
    const location = this.#run.places.locate(entry, 'template')
    this.#run.report(finding('template-without-effect', { kind: this.#kind, name: this.#name, reason }, location))
  }

  #templateNames(entry: Table): { name: string; spot: Spot }[] {
    const { places, report } = this.#run
    const list = entry['template']
    if (list === undefined) return []
    const spot = places.spot(entry, 'template') ?? this.#spot
    const node = nodeOfDefinition('template')
    if (!Array.isArray(list)) {
      report(wrongValue({ what: 'template', value: list, spot }, node))
      return []
    }
    return list.flatMap((name, index) => {
      const at = places.spot(list, index) ?? spot
      if (typeof name === 'string') return [{ name, spot: at }]
      report(wrongValue({ what: `template[${index}]`, value: name, spot: at }, node.items ?? {}))
      return []
    })
  }

  /** The type of a queue; `layers` are the tables that may set it, the decisive one first. */
  #typeOf(layers: readonly Table[]): QueueType | undefined {
    if (this.#section !== 'queues') return undefined
    const written = layers.flatMap((layer) => {
      const table = layer['arguments']
      const argument = isTable(table) ? table['x-queue-type'] : undefined
      return [layer['type'], argument].filter((each) => typeof each === 'string')
    })
    const type = written[0] ?? this.#inheritance.defaultQueueType
    return isQueueType(type) ? type : undefined
  }

  /** Defaults apply to queues of all types, so each queue inherits only the properties that its type supports. */
  #ofType(
    defaults: Table | undefined,
    type: QueueType | undefined,
  ): { base: Table | undefined; leftOut: ReadonlySet<string> } {
    const leftOut = new Set<string>()
    if (defaults === undefined || type === undefined) return { base: defaults, leftOut }
    const base = newTable()
    for (const [key, value] of Object.entries(defaults)) {
      if (!queueTypesOfProperty(key).includes(type)) leftOut.add(key)
      else base[key] = key === 'arguments' && isTable(value) ? this.#argumentsOf(value, type) : value
    }
    this.#run.places.recordCopy(base, defaults)
    return { base, leftOut }
  }

  #argumentsOf(table: Table, type: QueueType): Table {
    const known = (name: string): boolean => queueTypesOf(name).length > 0
    const kept = Object.entries(table).filter(([name]) => !known(name) || queueTypesOf(name).includes(type))
    const copy: Table = Object.assign(newTable(), Object.fromEntries(kept))
    this.#run.places.recordCopy(copy, table)
    return copy
  }
}

/** The names of dead-letter and delay queues in the queues of a document and in what they inherit. */
export function namesOfDerivedQueues(shapes: Iterable<Tree | undefined>, found: Set<string>): void {
  for (const shape of shapes) {
    if (!isTable(shape)) continue
    const { deadLetter, retry } = shape
    if (isTable(deadLetter) && typeof deadLetter['queue'] === 'string') found.add(deadLetter['queue'])
    const delays = isTable(retry) ? retry['delays'] : undefined
    for (const delay of Array.isArray(delays) ? delays : []) {
      if (isTable(delay) && typeof delay['queue'] === 'string') found.add(delay['queue'])
    }
  }
}
