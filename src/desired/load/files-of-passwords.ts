import { dirname, resolve } from 'node:path'
import type { User } from '../../model/topology.ts'
import { parseReferences } from '../source/references/references.ts'

/** The files with passwords and hashes, which are read if a plan needs them. */
export function filesOfPasswords(users: readonly User[]): string[] {
  return users.flatMap(({ credential }) => {
    const { reference, location } = credential?.written ?? {}
    if (reference === undefined || location === undefined) return []
    const parsed = parseReferences(reference)
    return 'parts' in parsed
      ? parsed.parts.flatMap((part) =>
          typeof part === 'object' && part.kind === 'file' ? resolve(dirname(location.file), part.name) : [],
        )
      : []
  })
}
