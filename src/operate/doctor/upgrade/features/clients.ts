import { countOf } from '../../../../diagnostics/text/count-of.ts'
import type { ConnectionHealth } from '../../../../broker/snapshot/health.ts'
import { isAtLeast } from '../../../../model/broker-version.ts'
import { groupByKey } from '../../../../model/values/group-by-key.ts'
import { describeClient } from '../../clients.ts'
import type { UpgradeContext } from '../upgrade-context.ts'
import type { UpgradeIssue } from '../upgrade-issue.ts'

/** Release notes of 4.1.0: smaller frames are refused when a client connects. */
const SMALLEST_FRAME = 8_192
/** The first release of amqplib with larger frames. */
const AMQPLIB_SINCE = '0.10.7'

/** Clients that a version refuses, or serves differently. */
export function* changedClients(context: UpgradeContext): Iterable<UpgradeIssue> {
  const { connections = [], channels = [] } = context.look ?? {}
  yield* smallFrames(context, connections)
  const since = context.seriesWith('4.3.0')
  if (since === undefined) return
  const byName = new Map(connections.map((each) => [each.connection, each]))
  const limited = channels.filter(({ globalPrefetch }) => globalPrefetch > 0)
  const clients = groupByKey(limited, ({ connection }) => describeClient(byName.get(connection ?? '') ?? {}))
  for (const [subject, all] of clients) {
    yield {
      feature: 'global-qos',
      effect: 'changed',
      since,
      stage: 'programs',
      subject,
      message: `${countOf(all.length, 'channel')} with a prefetch for all consumers together (basic.qos global), which 4.3 applies to each consumer`,
      advice: 'set the prefetch for each consumer (global: false)',
      commands: [],
    }
  }
}

function* smallFrames(context: UpgradeContext, connections: readonly ConnectionHealth[]): Iterable<UpgradeIssue> {
  const since = context.seriesWith('4.1.0')
  if (since === undefined) return
  const small = connections.filter(isTooSmall)
  for (const [subject, all] of groupByKey(small, describeClient)) {
    const frame = all[0].frameMax
    yield {
      feature: 'small-frames',
      effect: 'refused',
      since,
      stage: 'programs',
      subject,
      message: `${countOf(all.length, 'connection')} with frames of at most ${frame ?? 4_096} bytes: from 4.1 on, the broker refuses less than ${SMALLEST_FRAME}`,
      advice: `update the client (amqplib: ${AMQPLIB_SINCE} or newer), or set frame_max to 131072`,
      commands: [],
    }
  }
}

function isTooSmall({ frameMax, product }: ConnectionHealth): boolean {
  if (frameMax !== undefined && frameMax > 0) return frameMax < SMALLEST_FRAME
  const version = /^amqplib (\d+\.\d+\.\d+)/i.exec(product ?? '')?.[1]
  return version !== undefined && !isAtLeast(version, AMQPLIB_SINCE)
}
