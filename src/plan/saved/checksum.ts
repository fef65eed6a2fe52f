import { createHash } from 'node:crypto'
import { canonicalJson } from '../../model/address.ts'
import type { BoundPlan, SavedPlan } from './saved-plan.ts'

/** The SHA-256 of everything in a saved plan except its checksum, independent of the order of keys. */
export function checksumOf(plan: object): string {
  const { checksum: _checksum, ...content } = plan as { readonly checksum?: string }
  return createHash('sha256')
    .update(canonicalJson(JSON.parse(JSON.stringify(content))))
    .digest('hex')
}

/** Adds the checksum that reveals a changed plan file. */
export function withChecksum<P extends BoundPlan>(plan: P): P & SavedPlan {
  return { ...plan, checksum: checksumOf(plan) }
}
