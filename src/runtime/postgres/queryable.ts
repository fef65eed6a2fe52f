/** The part of a client or a pool of `pg` that is used for single statements. */
export interface Queryable {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>
}
