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
 * Computes a fingerprint of the state of an object; `absent` if the object does not exist. It reveals no secret,
 * because it contains only a hash of a password hash.
 */
export function fingerprintOf(subject: Subject | undefined): string {
  return subject === undefined ? 'absent' : hash(plainOf(subject))
}

/**
 * Computes a fingerprint of an object that does not exist yet, and that another project of the run creates. It covers
 * only the declared properties, because the broker gives default values to the others, such as the description of a
 * virtual host.
 */
export function fingerprintOfDeclared(subject: Subject): string {
  const plain = plainOf(subject)
  return `declared:${Object.keys(plain).toSorted().join(',')}:${hash(plain)}`
}

/** Whether an object, or its absence, has a fingerprint. */
export function hasFingerprint(subject: Subject | undefined, fingerprint: string): boolean {
  const [, keys, declared] = /^declared:([^:]*):(.*)$/.exec(fingerprint) ?? []
  if (keys === undefined) return fingerprintOf(subject) === fingerprint
  if (subject === undefined) return false
  const plain = plainOf(subject)
  return hash(Object.fromEntries(keys.split(',').map((key) => [key, plain[key]]))) === declared
}

/** The properties of an object as the broker stores them. Secrets in parameters are replaced with their masked form. */
function plainOf(subject: Subject): Readonly<Record<string, unknown>> {
  const entries = Object.entries(subject.object).filter(([property]) => !NOT_LIVE.has(property))
  const credential = subject.kind === 'user' ? hashOf(subject.object.credential) : undefined
  return JSON.parse(JSON.stringify({ ...Object.fromEntries(entries), credential })) as Record<string, unknown>
}

function hash(plain: unknown): string {
  return createHash('sha256').update(canonicalJson(plain)).digest('hex').slice(0, DIGITS)
}

function hashOf(credential: Credential | undefined): unknown {
  if (credential?.kind !== 'hash') return undefined
  return { hash: credential.hash?.reveal() ?? '', algorithm: credential.algorithm }
}
