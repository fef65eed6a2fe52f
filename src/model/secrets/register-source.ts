import { secretRanges } from '../../diagnostics/credentials/secret-ranges.ts'
import type { SecretRegistry } from './secret-registry.ts'

/**
 * Registers the possible secrets in a file that is not valid: logins, and the texts after keys whose names mean a
 * secret.
 */
export function registerSource(secrets: SecretRegistry, text: string): void {
  for (const { start, end } of secretRanges(text)) {
    const written = text.slice(start, end).trim()
    // A table, or misplaced text below a key, is not a value.
    if (/^[{[&*!]/.test(written) || (written.includes('\n') && !/^[|>"']/.test(written))) continue
    secrets.add(written)
    secrets.add(unquoted(written))
  }
}

function unquoted(written: string): string {
  const inside = written.slice(1, written.length > 1 && written.endsWith(written.slice(0, 1)) ? -1 : undefined)
  if (written.startsWith("'")) return inside.replaceAll("''", "'")
  return written.startsWith('"') ? inside.replaceAll(/\\(["\\/])/g, '$1') : written
}
