import { createHash } from 'node:crypto'
import { canonicalJson } from '../model/address.ts'
import type { Change } from './plan.ts'

const DIGITS = 8

/** Names the changes of a plan, whatever the files are called and wherever in them the objects stand. */
export function digestOf(changes: readonly Change[]): string {
  const content = changes.map((change) => ({
    action: change.action,
    address: change.address,
    after: change.action === 'delete' ? undefined : withoutOrigin(change.after),
    differences: 'differences' in change ? change.differences : [],
    ...('how' in change && { how: change.how }),
    ...('from' in change && { from: change.from }),
  }))
  // Secrets turn into "(secret)" here, so that a digest does not depend on them.
  const plain: unknown = JSON.parse(JSON.stringify(content))
  return createHash('sha256').update(canonicalJson(plain)).digest('hex').slice(0, DIGITS)
}

function withoutOrigin<T extends object>(object: T): Omit<T, 'origin' | 'credential'> {
  const { origin: _origin, credential: _credential, ...rest } = object as T & { origin?: unknown; credential?: unknown }
  return rest
}
