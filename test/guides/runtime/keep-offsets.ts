import type { Pool } from 'pg'
import { postgresOffsets } from 'warren/offsets'
import type { Runtime } from 'warren/runtime'

export function auditLog(runtime: Runtime, pool: Pick<Pool, 'query'>, audit: (event: unknown) => Promise<void>) {
  return runtime.consume('log', audit, { offset: { kind: 'first' }, offsets: postgresOffsets(pool) })
}
