import { countOf } from '../../../../diagnostics/text/count-of.ts'
import type { Check } from '../../check.ts'
import { connectionsIn, describeClients } from '../../clients.ts'

export const blockedConnections: Check = {
  id: 'blocked-connections',
  title: 'no connection is blocked',
  needs: ['connections'],
  *check(context) {
    const blocked = connectionsIn(context).filter(({ state }) => state === 'blocked' || state === 'blocking')
    if (blocked.length === 0) return
    yield {
      severity: 'error',
      message: `${countOf(blocked.length, 'connection')} may not publish: ${describeClients(blocked)}`,
      numbers: { connections: blocked.length },
      advice: 'end the alarm; warren doctor names it under `alarm`',
    }
  },
}
