import { createHash } from 'node:crypto'
import type { Remark } from './remark.ts'

/**
 * A name of a remark that stays the same when lines move, so that a service recognizes it in the next report: made of its
 * code, its file, and the object or the sentence.
 */
export function fingerprint({ code, location, address, message }: Remark): string {
  return createHash('sha256')
    .update([code, location?.file ?? '', address ?? message].join('\0'))
    .digest('hex')
}
