import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { type DrainedQueue, drainQueues } from '../../broker/amqp/probes/drain-queues.ts'
import type { TestOutcome } from '../../insight/tests/check-test.ts'
import type { ResolvedTest } from '../../insight/tests/resolve-names.ts'
import type { TestSubject } from '../../desired/tests/declared-test.ts'
import type { Desired } from '../../model/desired.ts'
import type { Isolated } from './isolate.ts'

/** A test on a broker, with the id of its message. */
export interface LiveTest<K extends TestSubject['kind']> {
  readonly id: string
  readonly resolved: ResolvedTest
  readonly subject: Extract<TestSubject, { kind: K }>
}

/** Tests of one virtual host that run at the same time, and their place on the broker. */
export interface LivePhase {
  readonly amqp: Amqp
  /** The name of the virtual host on the broker. */
  readonly vhost: string
  /** The topology on the broker, with the durations of the tests. */
  readonly isolated: Isolated
  readonly signal?: AbortSignal
}

/** The outcomes of tests, by the ids of their messages. */
export type LiveOutcomes = ReadonlyMap<string, TestOutcome>

/** Finds all messages in the queues of a virtual host: the names of their queues in order, by the ids of the messages. */
export async function findMessages(
  { amqp, vhost }: Pick<LivePhase, 'amqp' | 'vhost'>,
  { topology }: Pick<Desired, 'topology'>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = await drainQueues(amqp, vhost, queuesIn(topology.queues, vhost))
  return new Map([...found].map(([id, queues]) => [id, queues.toSorted()]))
}

/** The queues of a virtual host. */
export function queuesIn(queues: Desired['topology']['queues'], vhost: string): readonly DrainedQueue[] {
  return queues.filter((each) => each.vhost === vhost).map(({ name, type }) => ({ name, isStream: type === 'stream' }))
}
