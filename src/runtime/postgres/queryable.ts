/** The part of a `pg` client or pool that executes single statements. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>
}
