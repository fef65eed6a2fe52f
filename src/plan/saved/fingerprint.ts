import { createHash } from 'node:crypto'
import { canonicalJson } from '../../model/address.ts'
import type { Credential } from '../../model/topology.ts'
import type { Subject } from '../steps/subject.ts'

const DIGITS = 32

/** Properties that the object on the broker does not have. */
const NOT_LIVE = new Set([
  'origin',
  'external',
  'protect',
  'claimed',
  'renamedFrom',
  'role',
  'declaredIn',
  'credential',
  'references',
])

/**
 * Computes a fingerprint of the state of an object, `absent` without one. It reveals no secret, because it contains
 * only a hash of a password hash.
 */
export function fingerprintOf(subject: Subject | undefined): string {
  if (subject === undefined) return 'absent'
  const { object } = subject
  const entries = Object.entries(object).filter(([property]) => !NOT_LIVE.has(property))
  const credential = subject.kind === 'user' ? hashOf(subject.object.credential) : undefined
  // This replaces secrets in parameters by their masked form.
  const plain: unknown = JSON.parse(JSON.stringify({ ...Object.fromEntries(entries), credential }))
  return createHash('sha256').update(canonicalJson(plain)).digest('hex').slice(0, DIGITS)
}

function hashOf(credential: Credential | undefined): unknown {
  if (credential?.kind !== 'hash') return undefined
  return { hash: credential.hash?.reveal() ?? '', algorithm: credential.algorithm }
}
