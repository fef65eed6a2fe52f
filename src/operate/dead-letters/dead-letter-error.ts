import { codeOfReply } from '../../broker/amqp/connections/amqp-error.ts'
import { brokerReason, replyCode } from '../../diagnostics/broker-reason.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/**
 * Explains why the broker or the network interrupted the work on a dead-letter queue. Unsettled messages are in the
 * queue again.
 */
export function deadLetterError(doing: string, thrown: unknown): WarrenError {
  if (thrown instanceof WarrenError) return thrown
  return new WarrenError(`${doing} failed: ${brokerReason(thrown)}`, {
    code: codeOfReply(replyCode(thrown)),
    hint: hintFor(thrown),
    cause: thrown,
  })
}

function hintFor(thrown: unknown): string {
  const code = replyCode(thrown)
  const text = thrown instanceof Error ? thrown.message : ''
  if (code === 403 && /exclusive/.test(text))
    return 'stop the exclusive consumer of the queue, and run the command again'
  if (code === 403) return 'the login needs read on the dead-letter queue, and for a replay write on <queue>.failed'
  if (code === 406 && /timeout/.test(text)) {
    return 'the broker requeues messages that are held for longer than its consumer_timeout; run the command again, with --limit or a higher --rate'
  }
  return 'no message is lost: unsettled messages are in the queue again; run the command again'
}
