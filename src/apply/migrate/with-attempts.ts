import { errorMessage } from '../../diagnostics/thrown.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { isNoAnswer, NoAnswerError } from '../../broker/amqp/connections/answer-limit.ts'
import { isStopped } from '../../broker/amqp/connections/amqp.ts'
import { countReady } from '../../broker/amqp/count-ready.ts'
import { address } from '../../model/address.ts'
import { holdingQueue } from '../../plan/migration/holding-queue.ts'
import type { ApplyRun } from '../apply-run.ts'
import type { QueueMove } from './queue-move.ts'
import { interruptedMove } from './move-run.ts'

/** How often a move is restarted on a new connection when the broker does not answer. */
const ATTEMPTS = 3

/**
 * Restarts a move from the journal, on a new connection, when the broker has not answered or confirmed in time.
 * Messages that were published and not confirmed may then be in both queues.
 *
 * @throws {WarrenError} `PARTIALLY_APPLIED`, with what was seen, after three attempts; nothing is lost
 */
export async function withAttempts<T>(apply: ApplyRun, move: QueueMove, attempt: () => Promise<T>): Promise<T> {
  const { vhost, name } = move.from
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt()
    } catch (error) {
      const isSilent = isNoAnswer(error)
      if (apply.signal?.aborted && (isSilent || isStopped(error))) {
        throw interruptedMove(address('queue', vhost, name))
      }
      if (!isSilent) throw error
      await apply.requireAmqp().dropIfSilent(vhost, new NoAnswerError('the broker did not answer in time'))
      const seen = `${errorMessage(error)}; ${await lookAtQueues(apply, move)}`
      if (attempts === ATTEMPTS) {
        throw new WarrenError(`${seen}; given up after ${ATTEMPTS} attempts`, {
          code: 'PARTIALLY_APPLIED',
          hint: 'nothing is lost; look at the broker, and run the command again: it continues from here',
          cause: error,
        })
      }
      apply.progress(
        `${seen}; continuing from the journal on a new connection (attempt ${attempts + 1} of ${ATTEMPTS})`,
      )
    }
  }
}

/** Reads the state of a move's queues on a new connection. */
async function lookAtQueues(apply: ApplyRun, { from, to }: QueueMove): Promise<string> {
  const names = new Set([from.name, holdingQueue(from).name, to.name])
  const answers = [...names].map(async (name) => {
    const where = address('queue', from.vhost, name)
    try {
      const ready = await countReady(apply.requireAmqp(), from.vhost, name)
      return ready === 'missing' ? `${where} does not exist` : `${where} reports ${ready.messages} ready messages`
    } catch (error) {
      return `${where} does not answer (${errorMessage(error)})`
    }
  })
  return (await Promise.all(answers)).join(', ')
}
