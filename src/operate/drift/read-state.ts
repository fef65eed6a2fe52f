import type { DriftState } from './drift-state.ts'

/** The format of a state that this version reads and writes. */
export const STATE_FORMAT = 1

/** Reads a saved state; undefined if this version does not read it, or it is damaged. */
export function readState(value: unknown): DriftState | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { format, open, begun, pending } = value as Partial<DriftState>
  if (format !== STATE_FORMAT) return undefined
  if (![open, begun, pending].every((each) => Array.isArray(each))) return undefined
  return value as DriftState
}
