import { createHash } from 'node:crypto'

/** The number of bytes of salt at the beginning of a RabbitMQ hash. */
export const SALT_BYTES = 4

/** The hashing module that brokers use by default. */
export const SHA256_MODULE = 'rabbit_password_hashing_sha256'

/**
 * Hashes a password like RabbitMQ: base64 of the salt and of the SHA-256 hash of salt and password (rabbit_password,
 * rabbit_password_hashing_sha256).
 *
 * @param salt four bytes
 */
export function hashPassword(password: string, salt: Uint8Array): string {
  const hash = createHash('sha256').update(salt).update(password, 'utf8').digest()
  return Buffer.concat([salt, hash]).toString('base64')
}
