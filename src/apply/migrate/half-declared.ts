import { countOf } from '../../diagnostics/text/count-of.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { AmqpError, isSilence } from '../../broker/amqp/connections/amqp-error.ts'
import { countReady, countReadyForSure } from '../../broker/amqp/count-ready.ts'
import { reads } from '../../broker/management/reads.ts'
import { howToDelete } from '../../diagnostics/text/rabbitmqctl.ts'
import { address } from '../../model/address.ts'
import { readMovedBindings, toQueue } from '../bindings.ts'
import { countingDelay } from '../counting-delay.ts'
import type { MoveRun } from './move-run.ts'
import { MoveStoppedError } from './queue-move.ts'

/**
 * Deletes a queue that a killed run was declaring, so that it can be declared again.
 *
 * The broker registers a quorum queue before it starts its members. If the declaration ends in between, the queue is
 * listed, accepts no messages, and does not answer `basic.get`. Declaring it again changes nothing. It is deleted
 * only if it cannot contain messages, see `whyItMayHoldMessages`.
 *
 * @param name a queue that was being declared, according to the journal
 * @throws {MoveStoppedError} when the queue does not answer and may contain messages; the error says what was seen
 *   and how to continue
 */
export async function deleteHalfDeclared(run: MoveRun, name: string): Promise<void> {
  const { amqp, vhost } = run
  const silence = await whyNoAnswer(run, name)
  if (silence === undefined) return
  const where = run.at(name)
  const seen = await whyItMayHoldMessages(run, name)
  if (seen !== undefined) {
    throw new MoveStoppedError(
      `${where} was being declared when an earlier run was killed, and does not answer (${silence}); warren cannot check that it is empty: ${seen}`,
      `check whether its nodes run; if its members were never started, delete it and run the command again: ${howToDelete(vhost, name)}; it continues from here`,
    )
  }
  run.progress(
    `deleting ${where}: an earlier run was killed while it declared this queue, and its members were never started`,
  )
  await amqp.withChannel(vhost, `deleting ${address('queue', vhost, name)}`, (channel) => channel.deleteQueue(name))
}

/** Why a queue does not answer; undefined if it does, or does not exist. */
async function whyNoAnswer({ amqp, vhost }: MoveRun, name: string): Promise<string | undefined> {
  try {
    await amqp.apart((each) => countReadyForSure(each, vhost, name, undefined))
    return undefined
  } catch (error) {
    if (error instanceof AmqpError && isSilence(error)) return error.reason
    throw error
  }
}

/**
 * Looks for a sign that a queue that does not answer has ever worked.
 *
 * The broker reports the statistics of a working queue every few seconds, and keeps the last ones when the queue
 * stops working. A queue whose members never started has no statistics. With several members, a suspended leader
 * looks the same, so only queues with a single member are judged.
 *
 * @returns what was seen; undefined if the queue cannot contain messages
 */
async function whyItMayHoldMessages(run: MoveRun, name: string): Promise<string | undefined> {
  const { client, amqp, vhost } = run
  const { members, online } = await reads.queueMembers(client, vhost, name)
  if (members?.length !== 1) return `${online?.length ?? 0} of its ${members?.length ?? 0} members are online`
  const ready = await countReady(amqp, vhost, name)
  if (ready !== 'missing' && ready.messages + ready.consumers > 0) {
    return `it has ${countOf(ready.messages, 'message')} and ${countOf(ready.consumers, 'consumer')}`
  }
  const bindings = await readMovedBindings(client, toQueue(vhost, name))
  if (bindings.length > 0)
    return `it has ${countOf(bindings.length, 'binding')}, which a queue gets only after it was declared`
  if (!(await reads.collectsStatistics(client))) {
    return 'the broker collects no statistics, which would show whether it has ever worked'
  }
  await sleep(countingDelay())
  const total = await reads.reportedTotal(client, vhost, name)
  // The statistics of a deleted queue with the same name may remain.
  return total === undefined || total === 0 ? undefined : `the broker has counted ${total} messages in it`
}
