import type { Locate, UserSection } from '../../declaration/document.ts'
import { finding } from '../../../diagnostics/findings/finding.ts'
import { Secret } from '../../../model/secrets/secret.ts'
import type { Credential, WrittenSecret } from '../../../model/topology.ts'
import type { Report } from '../expand-context.ts'

/**
 * The credential of a user, as its section declares it. References are resolved later, by the command that needs the
 * secret.
 */
export function credentialOf(section: UserSection, locate: Locate, report: Report): Credential | undefined {
  const { password, passwordHash, hashingAlgorithm } = section
  if (password !== undefined && passwordHash !== undefined) {
    report(
      finding('password-and-hash', {}, locate(section, 'passwordHash'), [
        { label: 'password', location: locate(section, 'password') },
      ]),
    )
  }
  if (hashingAlgorithm !== undefined && passwordHash === undefined) {
    report(finding('algorithm-without-hash', {}, locate(section, 'hashingAlgorithm')))
  }
  if (password !== undefined) {
    const written = writtenSecret(password, section, 'password', locate)
    return { kind: 'password', written, ...(written.literal && { secret: written.literal }) }
  }
  if (passwordHash === undefined) return undefined
  const written = writtenSecret(passwordHash, section, 'passwordHash', locate)
  if (written.literal && !BASE64.test(written.literal.reveal().replace(/\s/g, ''))) {
    report(finding('hash-not-base64', {}, locate(section, 'passwordHash', 'value')))
  }
  return {
    kind: 'hash',
    ...(written.literal && { hash: written.literal }),
    ...(hashingAlgorithm !== undefined && { algorithm: hashingAlgorithm }),
    written,
  }
}

/** rabbit_mgmt_wm_user decodes it after removing white space; an empty hash allows no login with a password. */
const BASE64 = /^(?:[a-z0-9+/]{4})*(?:[a-z0-9+/]{2}==|[a-z0-9+/]{3}=)?$/i

/** `$${` is a literal `${`; every other `${` begins a reference. */
const OPENING = /\$\$\{|\$\{/g

function writtenSecret(
  text: string,
  section: UserSection,
  property: 'password' | 'passwordHash',
  locate: Locate,
): WrittenSecret {
  const location = locate(section, property, 'value')
  const refers = [...text.matchAll(OPENING)].some(([opening]) => opening === '${')
  return refers ? { reference: text, location } : { literal: new Secret(text.replaceAll('$${', '${')), location }
}
