import type { ManagementClient } from '../../management/client.ts'
import type { Amqp } from '../../messages/amqp.ts'
import type { Queue } from '../../model/topology.ts'

export function moveQueue(
  _context: {
    client: ManagementClient
    amqp: Amqp
    project: string
    digest: string
    signal?: AbortSignal
    onProgress?: (text: string) => void
  },
  _move: { from: Queue; to: Queue; dropBindings: ReadonlySet<string> },
): Promise<{
  moved: number
  duplicates: { atLeast: number; atMost: number }
  lost: number
  cancelledConsumers: number
}> {
  throw new Error('temporary')
}
