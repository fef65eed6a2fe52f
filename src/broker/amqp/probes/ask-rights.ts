import { replyCode } from '../../../diagnostics/broker-reason.ts'
import { WarrenError } from '../../../diagnostics/warren-error.ts'
import { Amqp } from '../connections/amqp.ts'
import type { AmqpTarget } from '../connections/amqp-target.ts'
import { AmqpError } from '../connections/amqp-error.ts'
import { publishProbes, type Probe } from './publish-probes.ts'

/** An action that a user tries. */
export type TriedRight =
  | { readonly kind: 'publish'; readonly probe: Probe }
  | { readonly kind: 'consume'; readonly queue: string }

/** The code of `access_refused` (AMQP 0-9-1). */
const ACCESS_REFUSED = 403

/**
 * Asks the broker whether a user may publish and consume, by doing it.
 *
 * @param target with the login of the user
 * @returns the answers in the order of the questions
 */
export async function askRights(
  target: AmqpTarget,
  vhost: string,
  rights: readonly TriedRight[],
): Promise<readonly boolean[]> {
  const amqp = new Amqp(target)
  const answers: boolean[] = []
  try {
    for (const each of rights) answers.push(await isAllowed(amqp, vhost, each))
    return answers
  } finally {
    await amqp.close()
  }
}

async function isAllowed(amqp: Amqp, vhost: string, right: TriedRight): Promise<boolean> {
  try {
    if (right.kind === 'publish') await publishProbes(amqp, vhost, [right.probe])
    else {
      await amqp.withChannel(vhost, `consuming from ${right.queue}`, async (channel) => {
        await channel.prefetch(1)
        const { consumerTag } = await channel.consume(right.queue, () => undefined)
        await channel.cancel(consumerTag)
      })
    }
    return true
  } catch (error) {
    if (isRefused(error)) return false
    throw error
  }
}

/** A user without any permission in the vhost is refused the connection. */
function isRefused(error: unknown): boolean {
  if (error instanceof AmqpError) return error.isRefused()
  return replyCode(error) === ACCESS_REFUSED || (error instanceof WarrenError && error.code === 'ACCESS_REFUSED')
}
