import { createHash } from 'node:crypto'
import { canonicalJson } from '../model/address.ts'
import type { Change, RecordChange } from './plan.ts'

const DIGITS = 8
/** How many characters are hashed at once: a big plan's text would be many megabytes. */
const PART_LENGTH = 65_536

/**
 * Names the changes of a plan, whatever the files are called and wherever in them the objects stand.
 *
 * @param records who owns what from then on; that entries of objects are forgotten which are gone changes nothing for anybody
 */
export function digestOf(changes: readonly Change[], records: readonly RecordChange[]): string {
  const hash = createHash('sha256')
  let part = '['
  for (const [at, change] of changes.entries()) {
    if (at > 0) part += ','
    part += contentOf(change)
    if (part.length < PART_LENGTH) continue
    hash.update(part)
    part = ''
  }
  return hash
    .update(`${part}]${ownersIn(records)}`)
    .digest('hex')
    .slice(0, DIGITS)
}

function ownersIn(records: readonly RecordChange[]): string {
  const told = records
    .map(({ forget: _forget, ...rest }) => rest)
    .filter(({ vhost: _vhost, ...lists }) => Object.values(lists).some((list) => list.length > 0))
  return told.length === 0 ? '' : canonicalJson(told)
}

function contentOf(change: Change): string {
  const content = {
    action: change.action,
    address: change.address,
    after: change.action === 'delete' ? undefined : withoutOrigin(change.after),
    differences: 'differences' in change ? change.differences : [],
    ...('how' in change && { how: change.how }),
    ...('from' in change && { from: change.from }),
    ...('unbinds' in change && { unbinds: change.unbinds.map(withoutOrigin) }),
    ...('rebinds' in change && { rebinds: change.rebinds }),
  }
  // Secrets turn into "(secret)" here, so that a digest does not depend on them.
  return canonicalJson(JSON.parse(JSON.stringify(content)))
}

function withoutOrigin<T extends object>(object: T): Omit<T, 'origin' | 'credential'> {
  const { origin: _origin, credential: _credential, ...rest } = object as T & { origin?: unknown; credential?: unknown }
  return rest
}
