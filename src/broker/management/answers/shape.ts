import { isTable } from '../../../model/values/table.ts'

/**
 * The position at which a response does not have the expected shape, and the difference. It never contains the value,
 * which may be secret.
 */
export interface Misfit {
  /** Such as `[3].name`; empty for the whole response. */
  readonly at: string
  readonly expected: string
  readonly found: string
}

/** Checks that a value is a `T` in the parts that warren reads; other parts are ignored. */
export interface Shape<T> {
  readonly misfit: (value: unknown) => Misfit | undefined
  /** Exists only for the compiler. */
  readonly of?: T
}

/** The maximum nesting of arguments, definitions and parameters. */
const MAXIMUM_DEPTH = 200

function shape<T>(expected: string, fits: (value: unknown) => boolean): Shape<T> {
  return { misfit: (value) => (fits(value) ? undefined : { at: '', expected, found: kindOf(value) }) }
}

export const text = shape<string>('a string', (value) => typeof value === 'string')
export const number = shape<number>('a number', (value) => typeof value === 'number')
export const flag = shape<boolean>('true or false', (value) => typeof value === 'boolean')
export const nothing = shape<null>('null', (value) => value === null)
export const emptyList = shape<readonly never[]>('an empty list', (value) => Array.isArray(value) && value.length === 0)
/** Any JSON that is not nested too deep to be processed. */
export const data = shape<unknown>(`data of at most ${MAXIMUM_DEPTH} levels`, (value) => fitsDepth(value, 0))
/** A value of which only the presence matters. */
export const anything = shape<unknown>('anything', () => true)

export function oneOf<T extends string>(...values: readonly T[]): Shape<T> {
  return shape(values.map((value) => JSON.stringify(value)).join(' or '), (value) => values.includes(value as T))
}

/** A known text, such as the requested virtual host. */
export function exactly(expected: string): Shape<string> {
  return shape(`the text ${JSON.stringify(expected)}`, (value) => value === expected)
}

export function optional<T>(inner: Shape<T>): Shape<T | undefined> {
  return { misfit: (value) => (value === undefined ? undefined : inner.misfit(value)) }
}

/** One of two shapes; if a value has neither, the result says how it differs from the first. */
export function either<A, B>(first: Shape<A>, second: Shape<B>): Shape<A | B> {
  return { misfit: (value) => (second.misfit(value) === undefined ? undefined : first.misfit(value)) }
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    misfit: (value) => {
      if (!Array.isArray(value)) return { at: '', expected: 'a list', found: kindOf(value) }
      for (const [index, each] of value.entries()) {
        const found = item.misfit(each)
        if (found) return { ...found, at: `[${index}]${found.at}` }
      }
      return undefined
    },
  }
}

/** A list in which no two items agree in all of these fields, because the broker lists every object once. */
export function listOfDistinct<T extends object>(item: Shape<T>, ...fields: readonly (keyof T)[]): Shape<readonly T[]> {
  const each = list(item)
  return {
    misfit: (value) => {
      const misfit = each.misfit(value)
      if (misfit !== undefined) return misfit
      const seen = new Map<string, number>()
      for (const [index, entry] of (value as readonly T[]).entries()) {
        const key = JSON.stringify(fields.map((field) => entry[field]))
        const first = seen.get(key)
        if (first !== undefined)
          return { at: `[${index}]`, expected: 'another object', found: `the same object as in [${first}]` }
        seen.set(key, index)
      }
      return undefined
    },
  }
}

/** A table with any keys. */
export function tableOf<T>(entry: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    misfit: (value) => {
      if (!isTable(value)) return { at: '', expected: 'a table', found: kindOf(value) }
      for (const [key, each] of Object.entries(value)) {
        const found = entry.misfit(each)
        if (found) return { ...found, at: `[${JSON.stringify(key)}]${found.at}` }
      }
      return undefined
    },
  }
}

/**
 * A table with these keys; other keys are ignored. RabbitMQ writes a table without any of the requested columns as an
 * empty list.
 */
export function table<T>(fields: { readonly [K in keyof T]-?: Shape<T[K]> }): Shape<T> {
  const shapes = Object.entries<Shape<unknown>>(fields)
  return {
    misfit: (value) => {
      const entries = Array.isArray(value) && value.length === 0 ? {} : value
      if (!isTable(entries)) return { at: '', expected: 'a table', found: kindOf(value) }
      for (const [key, each] of shapes) {
        const found = each.misfit(Object.hasOwn(entries, key) ? entries[key] : undefined)
        if (found) return { ...found, at: `.${key}${found.at}` }
      }
      return undefined
    },
  }
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a table'
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'string' ? 'a string' : 'a number'
}

function fitsDepth(value: unknown, depth: number): boolean {
  if (value === undefined) return false
  if (typeof value !== 'object' || value === null) return true
  if (depth >= MAXIMUM_DEPTH) return false
  return Object.values(value).every((each) => fitsDepth(each, depth + 1))
}
