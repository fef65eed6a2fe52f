import { Secret } from './secret.ts'

/** Whether a value, or a part of it, is a secret itself: the login in a parameter's URI, which the broker tells too. */
export function holdsLogin(value: unknown): boolean {
  if (value instanceof Secret) return true
  if (typeof value !== 'object' || value === null) return false
  return Object.values(value).some(holdsLogin)
}
