import type { CommentedEntry } from '../../../desired/source/yaml/commented.ts'

/** A section of a document; nothing if it has no entries. */
export function section(key: string, entries: readonly CommentedEntry[]): CommentedEntry[] {
  return entries.length === 0 ? [] : [{ key, value: { entries } }]
}

export function byName<T extends { readonly name: string }>(objects: readonly T[]): T[] {
  return sorted(objects, ({ name }) => name)
}

export function byKey(entries: readonly CommentedEntry[]): CommentedEntry[] {
  return sorted(entries, ({ key }) => key)
}

/** Sorts by code units, so that the order does not depend on the locale of the machine. */
export function sorted<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return items
    .map((item) => ({ item, key: keyOf(item) }))
    .toSorted((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0))
    .map(({ item }) => item)
}
