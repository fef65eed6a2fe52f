import type { Credential } from '../../model/topology.ts'
import type { Comparison } from './comparison.ts'
import { DEFAULT_HASHING_ALGORITHM, passwordMatches } from './password.ts'

const EQUAL: Comparison = { differences: [], unknowns: [] }

/**
 * Compares a declared password or hash with the live hash, without ever telling either.
 *
 * A password is the same when it hashes, with the salt of the live hash, to the live hash; so it is sent again only
 * when it really differs.
 */
export function compareCredential(live: Credential | undefined, desired: Credential | undefined): Comparison {
  if (desired === undefined) return EQUAL
  const property = desired.kind === 'password' ? 'password' : 'passwordHash'
  if (desired.missing !== undefined) return unknown(property, desired.missing)
  const liveHash = live?.kind === 'hash' ? (live.hash?.reveal() ?? '') : ''
  const liveAlgorithm = (live?.kind === 'hash' ? live.algorithm : undefined) ?? DEFAULT_HASHING_ALGORITHM
  if (desired.kind === 'hash') {
    const wanted = desired.hash?.reveal() ?? ''
    // Without a password there is nothing that an algorithm could matter for.
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
