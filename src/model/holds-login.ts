import { Secret } from './secret.ts'
import { credentialRangesInValue, isSecretKey } from './secrets/uri-credentials.ts'

/**
 * Whether a value, or a part of it, is a secret itself: the login of a URI, which the broker reports too, or a text under
 * a key that is called like a secret.
 */
export function holdsLogin(value: unknown): boolean {
  if (value instanceof Secret) return true
  if (typeof value === 'string') return credentialRangesInValue(value).length > 0
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(
    ([key, each]) => (isSecretKey(key) && typeof each === 'string' && each !== '') || holdsLogin(each),
  )
}
