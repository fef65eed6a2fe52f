import { countOf } from '../../../../diagnostics/text/count-of.ts'
import type { Check } from '../../check.ts'
import { connectionsIn, describeClients } from '../../clients.ts'

export const noHeartbeat: Check = {
  id: 'no-heartbeat',
  title: 'AMQP connections have heartbeats',
  needs: ['connections'],
  *check(context) {
    const without = connectionsIn(context).filter(
      ({ protocol, heartbeat, isNetwork }) =>
        isNetwork && protocol?.startsWith('AMQP 0-9-1') === true && heartbeat === 0,
    )
    if (without.length === 0) return
    yield {
      severity: 'warning',
      message: `${countOf(without.length, 'connection')} without heartbeats: ${describeClients(without)}`,
      numbers: { connections: without.length },
      advice:
        'set a heartbeat in the client, such as 10 s: without it, neither side notices a lost connection, and its messages stay unacknowledged',
    }
  },
}
