import { createHash } from 'node:crypto'
import { kindOf } from '../../model/address.ts'
import { containsCredentials } from '../../model/secrets/mask-credentials.ts'
import type { Kind } from '../../model/topology.ts'

/**
 * Longer addresses are stored as hashes: 100,000 entries of 64 characters have 6.7 MB, and RabbitMQ accepts at least
 * 10 MB.
 */
const LONGEST = 64
/** 128 bits in base64url. */
const DIGITS = 22
const HASHED = /^([a-z-]+)#[\w-]{22}$/

/**
 * An address in a record: the address itself or, if it is long or contains a login, its kind and a hash. If the
 * address is already an entry, the result is the same entry, so an unresolved entry is written back unchanged.
 */
export function entryOf(address: string): string {
  if (isHashed(address) || (address.length <= LONGEST && !showsLogin(address))) return address
  const hash = createHash('sha256').update(address).digest('base64url').slice(0, DIGITS)
  return `${address.slice(0, address.indexOf(':'))}#${hash}`
}

/**
 * The arguments are the last part of a binding's address. They may contain a URI, and other users can read the
 * records.
 */
function showsLogin(address: string): boolean {
  const last = address.slice(address.lastIndexOf('/') + 1)
  if (!last.startsWith('%7B')) return false
  try {
    return containsCredentials(JSON.parse(decodeURIComponent(last)))
  } catch {
    // A routing key begins with a brace.
    return false
  }
}

/** Whether an entry is a hash, which does not show its address. */
export function isHashed(entry: string): boolean {
  return HASHED.test(entry)
}

/** The kind of object that an entry refers to. */
export function kindOfEntry(entry: string): Kind | undefined {
  return kindOf(isHashed(entry) ? entry.replace('#', ':') : entry)
}

/** Finds the addresses that entries refer to. */
export class KnownAddresses {
  readonly #list: () => readonly string[]
  #byEntry: ReadonlyMap<string, string> | undefined

  /** @param list lists the addresses of all objects that entries may refer to; called once, if there is a hash */
  constructor(list: () => readonly string[]) {
    this.#list = list
  }

  /** The address that an entry refers to, or the entry itself if it matches no known object. */
  addressOf = (entry: string): string => {
    if (!isHashed(entry)) return entry
    this.#byEntry ??= new Map(this.#list().map((each) => [entryOf(each), each]))
    return this.#byEntry.get(entry) ?? entry
  }
}
