import { createHash } from 'node:crypto'

/** A run of a workspace, with the digest of its plan. */
export interface DigestedRun {
  /** Absent if there is none. */
  readonly environment?: string
  readonly project: string
  readonly digest: string
}

/** The common digest of several runs: SHA-256 of the lines `environment NUL project NUL digest`. */
export function digestOfRuns(runs: readonly DigestedRun[]): string {
  const lines = runs.map(({ environment = '', project, digest }) => `${environment}\0${project}\0${digest}\n`)
  return createHash('sha256').update(lines.join('')).digest('hex')
}
