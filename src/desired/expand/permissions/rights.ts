import { literally, patternOf, type Fragment } from '../../../model/values/name-pattern.ts'

/** The name of the default exchange in permissions. */
const DEFAULT_EXCHANGE = 'amq.default'

/** The permissions that a user needs in one vhost, collected route by route. */
export interface Rights {
  readonly configure: Set<string>
  readonly write: Set<string>
  readonly read: Set<string>
  /** By topic exchange: the keys to publish with, and the keys to bind with. */
  readonly topics: Map<string, { readonly write: Fragment[]; readonly read: Fragment[] }>
}

/** No rights at all. */
export function noRights(): Rights {
  return { configure: new Set(), write: new Set(), read: new Set(), topics: new Map() }
}

/** The name of an exchange in the broker's permission checks. */
export function resourceName(exchange: string): string {
  return exchange === '' ? DEFAULT_EXCHANGE : exchange
}

/** Whether the rights allow writing to every queue, as the default exchange does. */
export function writesEverywhere({ write }: Rights): boolean {
  return write.has(DEFAULT_EXCHANGE)
}

/** Narrows the rights on a topic exchange to these keys. */
export function addTopicKey(rights: Rights, exchange: string, right: 'write' | 'read', key: Fragment): void {
  const keys = rights.topics.get(exchange) ?? { write: [], read: [] }
  rights.topics.set(exchange, keys)
  keys[right].push(key)
}

/** The regular expression that matches exactly these names. */
export function namesPattern(names: ReadonlySet<string>): string {
  return patternOf(Array.from(names, literally))
}
