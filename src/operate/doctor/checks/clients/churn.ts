import type { Churn } from '../../../../broker/snapshot/health.ts'
import type { Check, Symptom } from '../../check.ts'
import type { CheckContext } from '../../check-context.ts'
import { churningChannels, churningConnections, describeClients } from '../../clients.ts'

/** In a short sample, a program that starts looks like one that opens connections all the time. */
const SHORTEST_SAMPLE = 10_000

/** Reported from this number per second on. */
const LIMITS: Readonly<Record<keyof Churn, number>> = {
  connections: 0.5,
  channels: 1,
  queuesCreated: 1,
  queuesDeleted: 1,
}

const NAMES: Readonly<Record<keyof Churn, string>> = {
  connections: 'connections are opened',
  channels: 'channels are opened',
  queuesCreated: 'queues are created',
  queuesDeleted: 'queues are deleted',
}

export const churn: Check = {
  id: 'churn',
  title: 'connections, channels and queues are long-lived',
  needs: ['churn', 'connections', 'channels'],
  sample: SHORTEST_SAMPLE,
  *check(context) {
    const [before, after] = [context.first.churn, context.last.churn]
    if (before === undefined || after === undefined) return
    for (const what of ['connections', 'channels', 'queuesCreated', 'queuesDeleted'] as const) {
      const count = after[what] - before[what]
      const perSecond = count / (context.window / 1_000)
      if (perSecond >= LIMITS[what]) yield symptom(context, what, count, perSecond)
    }
  },
}

function symptom(context: CheckContext, what: keyof Churn, count: number, perSecond: number): Symptom {
  const rate = perSecond.toLocaleString('en-US', { maximumFractionDigits: 1 })
  const clients =
    what === 'connections' ? churningConnections(context) : what === 'channels' ? churningChannels(context) : []
  const candidates = clients.length === 0 ? '' : `; candidates: ${describeClients(clients)}`
  return {
    severity: 'warning',
    message: `${rate} ${NAMES[what]} in a second (${count} in ${Math.round(context.window / 1_000)} s)${candidates}`,
    numbers: { count, window: context.window },
    advice: ADVICE[what],
  }
}

const ADVICE: Readonly<Record<keyof Churn, string>> = {
  connections: 'keep one connection for each program; the broker does not report why connections end, its log does',
  channels:
    'keep channels open; a client whose declaration is refused opens one after the other, and the broker reports the reason only in its log',
  queuesCreated: 'reuse queues, or reply with direct reply-to (amq.rabbitmq.reply-to)',
  queuesDeleted: 'reuse queues, or reply with direct reply-to (amq.rabbitmq.reply-to)',
}
