import { errorMessage } from '../diagnostics/thrown.ts'
/** A change failed after its first write, so it is partially done. */
export class PartialChangeError extends Error {
  override readonly name = 'PartialChangeError'
  readonly code = 'PARTIALLY_APPLIED'
  override readonly cause: unknown
  /**
   * Addresses of bindings and topic permissions that existed before and are missing now. The files may not contain
   * them.
   */
  readonly missing: readonly string[]

  constructor(cause: unknown, missing: readonly string[] = []) {
    super(errorMessage(cause))
    this.cause = cause
    this.missing = missing
  }
}

/** Runs the part of a change after its first write. */
export async function afterFirstWrite<T>(rest: () => Promise<T>): Promise<T> {
  try {
    return await rest()
  } catch (error) {
    throw new PartialChangeError(error)
  }
}
