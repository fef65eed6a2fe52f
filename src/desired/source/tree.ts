/** What a YAML document holds, as plain data. */
export type Tree = string | number | boolean | null | Tree[] | Table

/** A YAML map. It has no prototype, so that `__proto__` is a key like any other. */
export interface Table {
  [key: string]: Tree
}

export function newTable(): Table {
  return Object.create(null) as Table
}

export function isTable(value: Tree | undefined): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Whether it is a table or a list, which have places of their own. */
export function isContainer(value: Tree | undefined): value is Table | Tree[] {
  return typeof value === 'object' && value !== null
}
