/** A value to write, with a comment above each key that has one. */
export type CommentedValue = string | number | boolean | null | readonly CommentedValue[] | CommentedTable

/** A table to write. */
export interface CommentedTable {
  readonly entries: readonly CommentedEntry[]
}

/** A key with its value. */
export interface CommentedEntry {
  readonly key: string
  readonly value: CommentedValue
  /** One or more lines, without `#`. */
  readonly comment?: string
}

/** Whether a value to write is a list. */
export function isList(value: CommentedValue): value is readonly CommentedValue[] {
  return Array.isArray(value)
}
