import { createHash } from 'node:crypto'
import { kindOf } from '../../model/address.ts'
import { containsCredentials } from '../../model/secrets/mask-credentials.ts'
import type { Kind } from '../../model/topology.ts'

/** Longer addresses are kept as hashes: 100,000 entries of 64 characters are 6.7 MB, and RabbitMQ takes 10 MB at least. */
const LONGEST = 64
/** 128 bits in base64url. */
const DIGITS = 22
const HASHED = /^([a-z-]+)#[\w-]{22}$/

/**
 * An address as a record contains it: the address itself or, if that is long or shows a login, its kind and a hash.
 * An entry is its own entry, so that what could not be resolved is written back unchanged.
 */
export function entryOf(address: string): string {
  if (isHashed(address) || (address.length <= LONGEST && !showsLogin(address))) return address
  const hash = createHash('sha256').update(address).digest('base64url').slice(0, DIGITS)
  return `${address.slice(0, address.indexOf(':'))}#${hash}`
}

/** The last part of a binding's address contains its arguments, which may include a URI; other users can read the records. */
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

  /** @param list lists the addresses of all objects that entries may refer to; called once, when there is a hash */
  constructor(list: () => readonly string[]) {
    this.#list = list
  }

  /** The address that an entry refers to, or the entry itself if no known object has it. */
  addressOf = (entry: string): string => {
    if (!isHashed(entry)) return entry
    this.#byEntry ??= new Map(this.#list().map((each) => [entryOf(each), each]))
    return this.#byEntry.get(entry) ?? entry
  }
}
