import { formatLocation } from '../diagnostics/location.ts'
import type { Location } from '../diagnostics/location.ts'
import type { Credential, Declared } from '../model/topology.ts'
import { referencesIn } from '../model/values/written-value.ts'
import type { Change } from '../plan/change.ts'
import { showText } from './words/show-value.ts'

const PROPERTY_WIDTH = 24

/** From which references the secrets of a change come, and its parameters: an apply resolves them. */
export function writtenText(change: Change): string[] {
  if (change.action === 'delete') return []
  const { references = [], credential } = change.after as Declared & { readonly credential?: Credential }
  return [
    ...credentialText(credential),
    ...references.map(({ path, reference, location }) => line(path.join('.'), reference, location)),
  ]
}

function credentialText(credential: Credential | undefined): string[] {
  const { reference, location } = credential?.written ?? {}
  if (reference === undefined || location === undefined) return []
  return [line(credential?.kind === 'hash' ? 'passwordHash' : 'password', reference, location)]
}

/** What stands around references may be a part of the secret, such as the user of a URI. */
function line(property: string, text: string, location: Location): string {
  const references = referencesIn(text)
  const isRelative = references.some((each) => each.startsWith('${file:'))
  const from = `from ${references.map(showText).join(' ')}${isRelative ? `, relative to ${location.file}` : ''}`
  return `      ${showText(property).padEnd(PROPERTY_WIDTH)} ${from}  (${formatLocation(location)})`
}
