import { canonicalJson } from '../../../model/address.ts'
import { isTable } from '../../../model/values/table.ts'
import {
  JSON_TYPES,
  type SchemaDocument,
  type SchemaTable,
  jsonTypeOf,
  listedTypes,
  listedValues,
  propertiesOf,
  resolveReference,
  schemasOf,
} from './keywords.ts'
import { numbersFor, textsFor } from './generate-scalars.ts'

/** The maximum nesting of generated messages. */
const DEEPEST = 6
/** The maximum number of values for one part of a message. */
const MOST_OF_PART = 24
/** The maximum number of generated messages. */
const MOST = 2_000
/** The maximum number of parts to visit, because recursive schemas have no end. */
const MOST_PARTS = 400
/** The maximum total length of all values as JSON, in characters: each part repeats the values inside it. */
const MOST_TEXT = 2_000_000

/** A value of each type. */
const ANYTHING: readonly unknown[] = ['text', 1, null, true, {}, []]

/** The alternatives of a schema, as tables of keywords. Generated values should satisfy or violate each of them. */
type Alternatives = readonly (readonly SchemaTable[])[]

/**
 * Generates messages that probably satisfy one schema and test the limits of another: values at the bounds of both,
 * every listed value, each property left out, each property that only one of the two names.
 */
export function messagesFor(sent: unknown, accepted: unknown): readonly unknown[] {
  return new Generator({ root: sent }, { root: accepted }).values(sent, accepted, 0, MOST)
}

class Generator {
  readonly #sent: SchemaDocument
  readonly #accepted: SchemaDocument
  #parts = 0
  #text = 0

  constructor(sent: SchemaDocument, accepted: SchemaDocument) {
    this.#sent = sent
    this.#accepted = accepted
  }

  values(sent: unknown, accepted: unknown, depth: number, most = MOST_OF_PART): readonly unknown[] {
    if (depth > DEEPEST || (this.#parts += 1) > MOST_PARTS || this.#text > MOST_TEXT) return []
    // A part that both schemas leave open never makes them refuse a message.
    if (sent === true && accepted === true) return ANYTHING
    const goals = this.#alternatives(accepted, this.#accepted, 0).flat()
    const perWay = this.#alternatives(sent, this.#sent, 0).map((parts) => this.#valuesOf(parts, goals, depth))
    // Takes one value of each alternative in turn, so that all of them are among the first.
    const found = new Map<string, unknown>()
    for (let index = 0; found.size < most && perWay.some((values) => index < values.length); index += 1) {
      for (const values of perWay) {
        if (index >= values.length || this.#text > MOST_TEXT) continue
        const text = canonicalJson(values[index])
        this.#text += text.length
        found.set(text, values[index])
      }
    }
    return [...found.values()]
  }

  /** Lists the alternatives of a schema, each as tables that apply together. */
  #alternatives(schema: unknown, document: SchemaDocument, nesting: number): Alternatives {
    if (schema === false) return []
    if (!isTable(schema) || nesting > 8) return [[]]
    if (Object.hasOwn(schema, '$ref')) {
      const target = resolveReference(schema, document)
      return target === undefined ? [[]] : this.#alternatives(target, document, nesting + 1)
    }
    let ways: Alternatives = [[schema]]
    const add = (further: Alternatives) => {
      ways = ways.flatMap((way) => further.map((each) => [...way, ...each])).slice(0, 32)
    }
    for (const each of schemasOf(schema['allOf'])) add(this.#alternatives(each, document, nesting + 1))
    for (const keyword of ['anyOf', 'oneOf']) {
      const branches = schemasOf(schema[keyword])
      if (branches.length > 0) add(branches.flatMap((each) => this.#alternatives(each, document, nesting + 1)))
    }
    return ways
  }

  #valuesOf(parts: readonly SchemaTable[], goals: readonly SchemaTable[], depth: number): readonly unknown[] {
    const listed = parts.map(listedValues).find((each) => each !== undefined)
    const types = JSON_TYPES.filter((type) =>
      parts.every((part) => {
        const own = listedTypes(part)
        return own === undefined || own.some((each) => (each === 'integer' ? 'number' : each) === type)
      }),
    )
    if (listed !== undefined) return listed.filter((each) => types.includes(jsonTypeOf(each)))
    const perType = types.map((type): readonly unknown[] => {
      switch (type) {
        case 'null':
          return [null]
        case 'boolean':
          return [true, false]
        case 'number':
          return numbersFor(parts, goals)
        case 'string':
          return textsFor(parts, goals)
        case 'array':
          return this.#arrays(parts, goals, depth)
        case 'object':
          return this.#objects(parts, goals, depth)
      }
    })
    // Types that come later have more interesting values.
    const first = perType.flatMap((values) => values.slice(0, 2))
    return [...first, ...perType.toReversed().flatMap((values) => values.slice(2))]
  }

  #arrays(parts: readonly SchemaTable[], goals: readonly SchemaTable[], depth: number): readonly unknown[] {
    const items = this.values(together(parts, 'items'), together(goals, 'items'), depth + 1)
    const counts = [...parts, ...goals].flatMap((part) =>
      [part['minItems'], part['maxItems']].flatMap((bound) =>
        typeof bound === 'number' ? [bound, bound + 1, bound - 1] : [],
      ),
    )
    const fewest = Math.max(0, ...parts.map(({ minItems }) => (typeof minItems === 'number' ? minItems : 0)))
    const filled = (count: number, item: unknown) => Array.from({ length: count }, () => item)
    const [first] = items
    const empty = fewest === 0 ? [[]] : []
    if (items.length === 0) return empty
    const lengths = [...new Set([Math.max(1, fewest), ...counts])].filter((each) => each > 0 && each <= 200)
    return [
      ...empty,
      ...lengths.map((each) => filled(each, first)),
      ...items.map((item) => filled(Math.max(1, fewest), item)),
      // The items all differ, for `uniqueItems`.
      ...lengths.filter((each) => each <= items.length).map((each) => items.slice(0, each)),
    ]
  }

  #objects(parts: readonly SchemaTable[], goals: readonly SchemaTable[], depth: number): readonly unknown[] {
    const required = new Set(
      parts.flatMap((part) => schemasOf(part['required']).filter((each) => typeof each === 'string')),
    )
    const named = new Set([...required, ...parts.flatMap((part) => Object.keys(propertiesOf(part)))])
    const sought = new Set(goals.flatMap((goal) => [...Object.keys(propertiesOf(goal)), ...requiredOf(goal)]))
    const valuesOf = (name: string) => this.values(property(parts, name), property(goals, name), depth + 1)
    const values = new Map([...named].map((name) => [name, valuesOf(name)]))
    const base: Record<string, unknown> = {}
    const full: Record<string, unknown> = {}
    for (const [name, [first]] of [...values].filter(([, each]) => each.length > 0)) {
      if (required.has(name)) base[name] = first
      full[name] = first
    }
    const variants: unknown[] = [base, full]
    for (const name of named) {
      if (required.has(name) || !Object.hasOwn(full, name)) continue
      const { [name]: _, ...without } = full
      variants.push(without)
    }
    for (const name of [...named, ...[...sought].filter((each) => !named.has(each)), 'unexpected']) {
      for (const value of values.get(name) ?? valuesOf(name)) {
        variants.push({ ...base, [name]: value })
        if (!required.has(name)) variants.push({ ...full, [name]: value })
      }
    }
    return variants
  }
}

function requiredOf({ required }: SchemaTable): readonly string[] {
  return schemasOf(required).filter((each) => typeof each === 'string')
}

/** Combines the values of one keyword in all tables into one schema. */
function together(tables: readonly SchemaTable[], keyword: string): unknown {
  return all(tables.flatMap((each) => (Object.hasOwn(each, keyword) ? [each[keyword]] : [])))
}

/** Combines the schemas that all tables have for a property. */
function property(tables: readonly SchemaTable[], name: string): unknown {
  return all(
    tables.flatMap((table) => {
      const properties = propertiesOf(table)
      if (Object.hasOwn(properties, name)) return [properties[name]]
      return Object.hasOwn(table, 'additionalProperties') ? [table['additionalProperties']] : []
    }),
  )
}

function all(schemas: readonly unknown[]): unknown {
  return schemas.length === 1 ? schemas[0] : schemas.length === 0 ? true : { allOf: schemas }
}
