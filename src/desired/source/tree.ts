export { isTable } from '../../model/values/table.ts'

/** The maximum nesting of lists and tables. */
export const MAXIMUM_DEPTH = 100

/** The content of a document, as plain data. */
export type Tree = string | number | boolean | null | Tree[] | Table

/** A table of keys and values. It inherits nothing, so `__proto__` is an ordinary key. */
export interface Table {
  [key: string]: Tree
}

/**
 * An object with an empty prototype, without a constructor. `Object.create(null)` behaves in the same way, but V8
 * stores it as a hash table, which takes several times the memory of an object with few properties.
 */
const BareTable = function () {} as unknown as new () => Table
BareTable.prototype = Object.freeze(Object.create(null))

export function newTable(): Table {
  return new BareTable()
}

/** Whether a value is a table or a list, which have recorded positions. */
export function isContainer(value: Tree | undefined): value is Table | Tree[] {
  return typeof value === 'object' && value !== null
}
