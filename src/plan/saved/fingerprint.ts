import { createHash } from 'node:crypto'
import { canonicalJson } from '../../model/address.ts'
import type { Credential } from '../../model/topology.ts'
import type { Subject } from '../steps/subject.ts'

const DIGITS = 32

/** What is not a property of the object on the broker. */
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

/** Names the state of an object; `absent` is that of none. It tells no secret: a password hash goes in only hashed. */
export function fingerprintOf(subject: Subject | undefined): string {
  if (subject === undefined) return 'absent'
  const { object } = subject
  const entries = Object.entries(object).filter(([property]) => !NOT_LIVE.has(property))
  const credential = subject.kind === 'user' ? hashOf(subject.object.credential) : undefined
  // Secrets in parameters turn into what may be shown of them here.
  const plain: unknown = JSON.parse(JSON.stringify({ ...Object.fromEntries(entries), credential }))
  return createHash('sha256').update(canonicalJson(plain)).digest('hex').slice(0, DIGITS)
}

function hashOf(credential: Credential | undefined): unknown {
  if (credential?.kind !== 'hash') return undefined
  return { hash: credential.hash?.reveal() ?? '', algorithm: credential.algorithm }
}
