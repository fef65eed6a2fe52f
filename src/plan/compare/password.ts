import { createHash, timingSafeEqual } from 'node:crypto'

const SALT_BYTES = 4

/** The broker's hashing modules (RabbitMQ docs, Credentials and Passwords) and what they compute. */
const ALGORITHMS: Readonly<Record<string, string>> = {
  rabbit_password_hashing_sha256: 'sha256',
  rabbit_password_hashing_sha512: 'sha512',
  rabbit_password_hashing_md5: 'md5',
}

/** What a broker uses for a hash that came without the name of its algorithm. */
export const DEFAULT_HASHING_ALGORITHM = 'rabbit_password_hashing_sha256'

/**
 * Whether a password belongs to a live hash: base64 of four bytes of salt and the hash of salt and password.
 *
 * @returns undefined when the broker hashes with a module of its own, so that it cannot be told
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
