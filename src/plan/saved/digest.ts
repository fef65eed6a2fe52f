import { createHash } from 'node:crypto'
import { dirname, isAbsolute, join } from 'node:path'
import { canonicalJson } from '../../model/address.ts'
import type { Credential, Declared } from '../../model/topology.ts'
import { referencesIn, type WrittenValue } from '../../model/values/written-value.ts'
import type { Change } from '../change.ts'
import type { PlannedOwnership } from '../ownership/planned-ownership.ts'
import type { Plan } from '../plan.ts'
import type { PlannedMode } from '../plan-mode.ts'

/** The number of characters that are hashed at once, because the text of a large plan may have many megabytes. */
const PART_LENGTH = 65_536

/** A reference to a file; `$${` is escaped and does not begin one. */
const FILE = /(?<!\$)\$\{file:[^}]*\}/g

/**
 * Computes the digest of everything that decides what an apply of a plan does: the changes with the references of
 * their secrets, the permitted losses, the record changes, and the blocks. It does not depend on secrets, or on the
 * names of files and positions in them.
 *
 * @param plan in its portable form
 */
export function digestOf(plan: Omit<Plan, 'digest'>): string {
  const { project, vhosts, mode, ownership, notCompared = [], blocks, notes, changes } = plan
  const hash = createHash('sha256')
  const records = recordsIn(ownership)
  const blocked = blocks.map(({ reason, address }) => [reason, address])
  const expected = notes.filter(({ note }) => note === 'expected')
  const head = { project, vhosts, mode, records, notCompared, blocked, ...(expected.length > 0 && { expected }) }
  let part = `[${canonicalJson(head)}`
  for (const change of changes) {
    part += `,${contentOf(change, mode)}`
    if (part.length < PART_LENGTH) continue
    hash.update(part)
    part = ''
  }
  return hash.update(`${part}]`).digest('hex')
}

/** Removing entries of objects that no longer exist, or that the project also owns in another record, has no effect. */
function recordsIn({ records }: PlannedOwnership): readonly unknown[] {
  return records
    .map(({ forget: _forget, drop: _drop, ...rest }) => rest)
    .filter(({ vhost: _vhost, ...lists }) => Object.values(lists).some((list) => list.length > 0))
}

function contentOf(change: Change, mode: PlannedMode): string {
  const content = {
    action: change.action,
    address: change.address,
    ...(change.action === 'delete'
      ? { before: contentOfObject(change.before) }
      : { after: contentOfObject(change.after) }),
    differences: 'differences' in change ? change.differences : [],
    ...('how' in change && { how: change.how }),
    ...('from' in change && { from: change.from }),
    ...('unbinds' in change && { unbinds: change.unbinds.map(contentOfObject) }),
    ...('rebinds' in change && { rebinds: change.rebinds }),
    ...('bindsAs' in change && { bindsAs: change.bindsAs }),
    ...('drops' in change && { drops: change.drops }),
    ...('carries' in change && { carries: change.carries }),
    ...('removedDelay' in change && { removedDelay: change.removedDelay }),
    ...(isAllowedToLose(change, mode) && { impact: change.impact }),
  }
  return canonicalJson(JSON.parse(JSON.stringify(content)))
}

type Risky = Change & { readonly impact?: unknown }

/** A permitted loss is approved with its numbers. Other numbers change constantly and have no effect. */
function isAllowedToLose(change: Change, { allowDelete, allowReplace }: PlannedMode): change is Risky {
  if (change.action === 'delete') return allowDelete.includes(change.address)
  return 'how' in change && change.how === 'recreate' && allowReplace.includes(change.address)
}

function contentOfObject(object: object): unknown {
  const { origin: _origin, credential, references, ...rest } = object as Declared & { readonly credential?: Credential }
  return {
    ...rest,
    ...(credential && { credential: contentOfCredential(credential) }),
    ...(references && { references: references.map(contentOfReference) }),
  }
}

function contentOfCredential({ written, ...credential }: Credential): unknown {
  const { reference, location } = written ?? {}
  return { ...credential, ...(reference !== undefined && location && contentOfReference({ reference, location })) }
}

/** The position of a reference matters only for `${file:}`, which is relative to it; the content of the file counts. */
function contentOfReference({ location, ...written }: Pick<WrittenValue, 'reference' | 'location'>): object {
  const folder = dirname(location.file)
  const files = referencesIn(written.reference).flatMap((each) => {
    const [, path] = /^\$\{file:(.*)\}$/s.exec(each) ?? []
    return path === undefined ? [] : [isAbsolute(path) ? path : join(folder, path)]
  })
  const reference = written.reference.replaceAll(FILE, '${file:}')
  return { ...written, reference, ...(files.length > 0 && { files }) }
}
