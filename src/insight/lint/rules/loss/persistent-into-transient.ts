import { aboutRoute, type Rule } from '../../rule.ts'

export const persistentIntoTransient: Rule = {
  id: 'persistent-into-transient',
  group: 'loss',
  severity: 'warning',
  meaning:
    'A persistent message is routed to a queue that is not durable, which is lost with its messages when its node restarts.',
  remedy: 'Make the queue durable, or set `persistent: false` on the publication.',
  *check({ vhosts }) {
    for (const { model, publications } of vhosts) {
      for (const publication of publications) {
        const { name, exchange, routingKey, parameters, persistent } = publication
        if (!persistent || parameters.length > 0) continue
        for (const queue of model.route(exchange, { routingKey }).queues) {
          if (model.queue(queue)?.durable !== false) continue
          yield aboutRoute(
            publication,
            `publication "${name}" is persistent, and queue "${queue}" is not durable: its messages are lost when its node restarts`,
            'make the queue durable, or write persistent: false',
          )
        }
      }
    }
  },
}
