import { createHash } from 'node:crypto'

const DIGITS = 16

/** All global parameters of warren begin with this. Nobody else's do, and a topology cannot declare one. */
export const RECORD_PREFIX = 'warren.'

/**
 * The name of what warren keeps on the broker about a project in a virtual host. The broker turns names of global
 * parameters into atoms, which it never forgets and which hold 255 characters, so it is a hash: one name per project and
 * virtual host, however long these are.
 */
export function parameterName(what: 'owner' | 'moves', project: string, vhost: string): string {
  const hash = createHash('sha256').update(`${project}\0${vhost}`).digest('hex').slice(0, DIGITS)
  return `${RECORD_PREFIX}${what}.${hash}`
}
