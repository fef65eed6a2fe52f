import { escapeName } from './address.ts'
import { formsOf } from './forms-of-secret.ts'
import { Secret } from './secret.ts'

const MASK = '(secret)'
/** Shorter secrets are only masked where they are the whole text: else every "a" would go. */
const SHORTEST_PART = 4

/** A copy of plain data in which every text that holds one of the secrets is masked. */
export function redact<T>(value: T, secrets: readonly Secret[]): T {
  const { texts } = maskedBy(secrets)
  return texts.length === 0 ? value : (redactWith(value, { texts, numbers: new Set() }) as T)
}

/**
 * The same for the values of declared objects, where a number that came out of a secret is masked as well. Elsewhere it
 * would take line numbers and counts for secrets.
 */
export function redactValues<T>(value: T, secrets: readonly Secret[]): T {
  return secrets.length === 0 ? value : (redactWith(value, maskedBy(secrets)) as T)
}

/** Whether a value of a declared object, or a part of it, is to be shown nowhere. */
export function holdsSecret(value: unknown, secrets: readonly Secret[]): boolean {
  return secrets.length > 0 && JSON.stringify(redactValues(value, secrets)) !== JSON.stringify(value)
}

interface Masked {
  readonly texts: readonly string[]
  readonly numbers: ReadonlySet<number>
}

function maskedBy(secrets: readonly Secret[]): Masked {
  const forms = secrets.map(formsOf)
  const texts = forms.flatMap((form) => form.texts).filter((text) => text !== '')
  return {
    // Addresses hold names in their escaped form.
    texts: [...new Set(texts.flatMap((text) => [text, escapeName(text)]))],
    numbers: new Set(forms.flatMap((form) => form.numbers)),
  }
}

function redactWith(value: unknown, masked: Masked): unknown {
  if (typeof value === 'string') return redactText(value, masked.texts)
  if (typeof value === 'number') return masked.numbers.has(value) ? MASK : value
  if (Array.isArray(value)) return value.map((each) => redactWith(each, masked))
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [redactText(key, masked.texts), redactWith(each, masked)]),
  )
}

function redactText(text: string, texts: readonly string[]): string {
  return texts.reduce(
    (masked, secret) =>
      masked === secret ? MASK : secret.length < SHORTEST_PART ? masked : masked.replaceAll(secret, MASK),
    text,
  )
}
