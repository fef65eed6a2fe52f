import { escapeName } from './address.ts'
import { Secret } from './secret.ts'

const MASK = '(secret)'
/** Shorter secrets are only masked where they are the whole text: else every "a" would go. */
const SHORTEST_PART = 4

/** A copy of plain data in which every text that holds one of the secrets is masked. */
export function redact<T>(value: T, secrets: readonly Secret[]): T {
  // Addresses hold names in their escaped form.
  const texts = secrets
    .flatMap((secret) => [secret.reveal(), escapeName(secret.reveal())])
    .filter((text) => text !== '')
  return texts.length === 0 ? value : (redactWith(value, texts) as T)
}

function redactWith(value: unknown, texts: readonly string[]): unknown {
  if (typeof value === 'string') return redactText(value, texts)
  if (Array.isArray(value)) return value.map((each) => redactWith(each, texts))
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [redactText(key, texts), redactWith(each, texts)]),
  )
}

function redactText(text: string, texts: readonly string[]): string {
  return texts.reduce(
    (masked, secret) =>
      masked === secret ? MASK : secret.length < SHORTEST_PART ? masked : masked.replaceAll(secret, MASK),
    text,
  )
}
