import { isContainer, isTable, type Table } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import { ADMINISTRATIVE_SECTIONS, WRITTEN_SECRETS } from '../sections.ts'

/**
 * Resolves the references of a merged document. Passwords and their hashes stay unresolved, because only the command
 * that needs one resolves it. With `users: 'ignore'`, everything that only an administrator needs stays unresolved
 * too.
 */
export async function resolveReferences(root: Table, users: 'check' | 'ignore', run: Run): Promise<void> {
  for (const key of Object.keys(root)) {
    const value = root[key]
    if (key === 'users') {
      if (isTable(value)) await resolveUsers(value, users, run)
    } else if (isContainer(value) && (users === 'check' || !ADMINISTRATIVE_SECTIONS.has(key))) {
      await run.references.resolveAll(value)
    }
  }
}

async function resolveUsers(users: Table, mode: 'check' | 'ignore', run: Run): Promise<void> {
  for (const name of Object.keys(users)) {
    const user = users[name]
    if (!isTable(user)) {
      if (mode === 'check') await run.references.resolveEntry(users, name)
      continue
    }
    for (const key of Object.keys(user)) {
      const value = user[key]
      if (WRITTEN_SECRETS.has(key)) run.references.check(user, key)
      else if (mode === 'ignore') continue
      else if (isContainer(value)) await run.references.resolveAll(value)
      else await run.references.resolveEntry(user, key)
    }
  }
}
