import { createHash, timingSafeEqual } from 'node:crypto'
import type { Credential } from '../../model/topology.ts'
import type { Comparison } from './comparison.ts'

const EQUAL: Comparison = { differences: [], unknowns: [] }

/**
 * Compares a declared password or hash with the live hash, and reveals neither.
 *
 * A password is equal if its hash with the live salt equals the live hash, so warren sends it only if it really differs.
 */
export function compareCredential(live: Credential | undefined, desired: Credential | undefined): Comparison {
  if (desired === undefined) return EQUAL
  const property = desired.kind === 'password' ? 'password' : 'passwordHash'
  if (desired.missing !== undefined) return unknown(property, desired.missing)
  const liveHash = live?.kind === 'hash' ? (live.hash?.reveal() ?? '') : ''
  const liveAlgorithm = (live?.kind === 'hash' ? live.algorithm : undefined) ?? DEFAULT_HASHING_ALGORITHM
  if (desired.kind === 'hash') {
    const wanted = desired.hash?.reveal() ?? ''
    // Without a password, the hashing algorithm has no effect.
    const sameAlgorithm = wanted === '' || liveAlgorithm === (desired.algorithm ?? DEFAULT_HASHING_ALGORITHM)
    return wanted === liveHash && sameAlgorithm ? EQUAL : changed(property)
  }
  const matches = passwordMatches(desired.secret?.reveal() ?? '', liveHash, liveAlgorithm)
  if (matches === undefined) return unknown(property, `the broker hashes it with ${liveAlgorithm}`)
  return matches ? EQUAL : changed(property)
}

function changed(property: string): Comparison {
  return { differences: [{ property, secret: 'changed' }], unknowns: [] }
}

function unknown(property: string, missing: string): Comparison {
  return { differences: [], unknowns: [{ property, missing }] }
}

const SALT_BYTES = 4

/** The broker's hashing modules (RabbitMQ docs, Credentials and Passwords) and their algorithms. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  rabbit_password_hashing_sha256: 'sha256',
  rabbit_password_hashing_sha512: 'sha512',
  rabbit_password_hashing_md5: 'md5',
}

/** The broker's algorithm for a hash without the name of its algorithm. */
export const DEFAULT_HASHING_ALGORITHM = 'rabbit_password_hashing_sha256'

/**
 * Whether a password matches a live hash: base64 of four bytes of salt and the hash of salt and password.
 *
 * @returns undefined if the broker uses an unknown hashing module
 */
export function passwordMatches(password: string, hash: string, algorithm: string): boolean | undefined {
  const name = ALGORITHMS[algorithm]
  if (name === undefined) return undefined
  const raw = Buffer.from(hash, 'base64')
  if (raw.length <= SALT_BYTES) return false
  const expected = createHash(name).update(raw.subarray(0, SALT_BYTES)).update(password, 'utf8').digest()
  const actual = raw.subarray(SALT_BYTES)
  return actual.length === expected.length && timingSafeEqual(actual, expected)
}
