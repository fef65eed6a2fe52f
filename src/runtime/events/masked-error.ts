import { asError } from '../../diagnostics/thrown.ts'
import { maskError } from '../../model/secrets/mask-thrown.ts'
import { SecretRegistry } from '../../model/secrets/secret-registry.ts'

const NONE_KNOWN = new SecretRegistry()

/**
 * Converts a thrown value to an error that may be logged and stored, without credentials in URIs, for example of a
 * database.
 */
export function maskedError(thrown: unknown): Error {
  return maskError(asError(thrown), NONE_KNOWN)
}
