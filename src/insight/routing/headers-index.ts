import type { Arguments } from '../../model/arguments.ts'
import { type HeaderValue, comparable } from './header-value.ts'

/** The headers of a message, in the form in which amqplib publishes them. */
export type Headers = Readonly<Record<string, HeaderValue>>

interface Rule<T> {
  readonly item: T
  readonly needsAll: boolean
  readonly conditions: readonly Condition[]
}

/** The condition of a binding on one header. */
interface Condition {
  readonly name: string
  /** Undefined if the header only has to be present. */
  readonly value: string | undefined
}

/**
 * Finds the bindings of a headers exchange that match a message (rabbit_exchange_type_headers). `x-match` is `all` by
 * default. `all` and `any` ignore arguments that begin with `x-`; `all-with-x` and `any-with-x` ignore only
 * `x-match`. Without conditions, `all` matches every message and `any` matches none.
 *
 * A binding is looked up by one of its conditions, so most bindings need no comparison.
 */
export class HeadersIndex<T> {
  readonly #version: string
  readonly #always: T[] = []
  readonly #byCondition = new Map<string, Rule<T>[]>()

  constructor(version: string) {
    this.#version = version
  }

  add(table: Arguments, item: T): void {
    const mode = typeof table['x-match'] === 'string' ? table['x-match'] : 'all'
    const isConsidered = (name: string) => (mode.endsWith('-with-x') ? name !== 'x-match' : !name.startsWith('x-'))
    const conditions = Object.entries(table as Headers)
      .filter(([name]) => isConsidered(name))
      .map(([name, value]): Condition => ({ name, value: comparable(value, 'management', this.#version) }))
    const needsAll = !mode.startsWith('any')
    const [first] = conditions
    if (first === undefined) {
      if (needsAll) this.#always.push(item)
      return
    }
    const rule = { item, needsAll, conditions }
    for (const condition of needsAll ? [first] : conditions) {
      const key = keyOf(condition)
      const same = this.#byCondition.get(key)
      if (same === undefined) this.#byCondition.set(key, [rule])
      else same.push(rule)
    }
  }

  matching(headers: Headers): T[] {
    const message = new Map(
      Object.entries(headers).map(([name, value]) => [name, comparable(value, 'amqplib', this.#version)]),
    )
    const holds = ({ name, value }: Condition) =>
      message.has(name) && (value === undefined || message.get(name) === value)
    const found = new Set(this.#always)
    for (const [name, value] of message) {
      const keys = [keyOf({ name, value: undefined }), ...(value === undefined ? [] : [keyOf({ name, value })])]
      for (const rule of keys.flatMap((key) => this.#byCondition.get(key) ?? [])) {
        if (!rule.needsAll || rule.conditions.every(holds)) found.add(rule.item)
      }
    }
    return [...found]
  }
}

function keyOf({ name, value }: Condition): string {
  return JSON.stringify(value === undefined ? [name] : [name, value])
}
