import { buildConsumer } from '../consume/consumer.ts'
import type { ConsumerParts, RunningConsumer } from '../consume/consumer.ts'

/**
 * Builds the consumer of a queue or of a super stream. It loads the code for super streams only when necessary, because
 * most programs have none.
 */
export async function buildRunning(parts: ConsumerParts): Promise<RunningConsumer> {
  const { sharing } = parts.subscription
  if (!sharing) return buildConsumer(parts)
  const { SuperStreamConsumer } = await import('./super-stream-consumer.ts')
  return new SuperStreamConsumer(parts, sharing)
}
