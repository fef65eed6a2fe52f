import type { Place, Use } from '../../source/places.ts'

/** One value of `forEach`: a string, or a table of strings. */
export interface InstanceValue {
  /** Absent for a table, whose fields are `${name.field}`. */
  readonly text?: string
  readonly fields?: ReadonlyMap<string, string>
  /** Its index in the list. */
  readonly index: number
  readonly place: Place
}

/** The names that a declaration may contain, with their values. */
export interface Scope {
  /** The values of `forEach` in the header and in the entry. */
  readonly instance: ReadonlyMap<string, InstanceValue>
  /** The name of the virtual host, after `--vhost`; absent if it is not known yet. */
  readonly vhost?: string
  /** The name of the chosen environment; absent if there is none. */
  readonly environment?: string
}

/** Names that `forEach` must not define. */
export const RESERVED_NAMES: ReadonlySet<string> = new Set(['vhost', 'environment', 'env', 'file', 'var'])

/** The scope with the values of one more instance. */
export function scopeWith(scope: Scope, values: ReadonlyMap<string, InstanceValue>): Scope {
  return values.size === 0 ? scope : { ...scope, instance: new Map([...scope.instance, ...values]) }
}

/** The instance of a declaration, for findings; undefined if nothing is repeated. */
export function useOfInstance({ instance }: Scope): Use | undefined {
  const [first] = instance.values()
  if (!first) return undefined
  const words = Array.from(instance, ([name, value]) => `${name} ${JSON.stringify(shownValue(value))}`)
  return { label: `for ${words.join(', ')}`, place: first.place, instance: words }
}

/** The values of the given names in a scope, as text for comparing two scopes. */
export function signatureOf({ instance }: Scope, names: Iterable<string>): string {
  return Array.from(names, (name) => instance.get(name)?.index ?? '').join(' ')
}

function shownValue({ text, fields, index }: InstanceValue): string {
  return text ?? fields?.get('name') ?? String(index + 1)
}
