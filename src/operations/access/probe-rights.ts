import { forEachConcurrent } from '../../apply/for-each-concurrent.ts'
import type { Amqp } from '../../broker/amqp/connections/amqp.ts'
import { AmqpError } from '../../broker/amqp/connections/amqp-error.ts'
import type { RequiredRight, ResourceRight, TopicRight } from '../../plan/guards/right.ts'

/** The maximum number of probes at once. */
const AT_ONCE = 8
/** Probing stops after this many refusals, because the broker logs a line for each. */
const MOST_REFUSALS = 20
/** Arguments that no binding has. */
const NO_BINDING = { 'x-warren-probe': 'no binding' }

/** The result of probing permissions at the broker. */
export interface Probed {
  readonly missing: readonly RequiredRight[]
  /** Why some permissions could not be checked. */
  readonly unverified?: string
}

/**
 * Finds the missing rights to queues, exchanges and topics of a login that may not read its own permissions. Each
 * probe is a request that the broker refuses after it has checked the right, so nothing changes, even if objects are
 * created meanwhile.
 */
export async function probeRights(amqp: Amqp, required: readonly RequiredRight[]): Promise<Probed> {
  const missing: RequiredRight[] = []
  let left = 0
  let failure: string | undefined
  await forEachConcurrent(required, AT_ONCE, async (each) => {
    const { right } = each
    if (right.kind === 'tag' || right.kind === 'vhost') return
    if (failure !== undefined || missing.length >= MOST_REFUSALS) return void (left += 1)
    const answer = await probe(amqp, right)
    if (answer === 'refused') missing.push(each)
    else if (answer !== 'granted') {
      left += 1
      if (answer !== 'hidden') failure = answer.failed
    }
  })
  if (left === 0) return { missing }
  return {
    missing,
    unverified: failure ?? `${left} ${left === 1 ? 'right was' : 'rights were'} not checked after the first refusals`,
  }
}

/** `hidden`: another right, which the broker checks first, is missing. */
type Answer = 'granted' | 'refused' | 'hidden' | { readonly failed: string }

async function probe(amqp: Amqp, right: ResourceRight | TopicRight): Promise<Answer> {
  try {
    await ask(amqp, right)
    return 'granted'
  } catch (error) {
    if (!(error instanceof AmqpError)) throw error
    if (error.replyCode === undefined) return { failed: error.message }
    if (!error.isRefused()) return 'granted'
    return names(error.reason, right) ? 'refused' : right.kind === 'topic' ? 'hidden' : 'granted'
  }
}

/** Whether a refusal names the probed permission, and not another one that the probe also needs. */
function names(reason: string, right: ResourceRight | TopicRight): boolean {
  return right.kind === 'topic'
    ? reason.includes(`topic '${right.routingKey}' in exchange '${right.exchange}'`)
    : reason.includes(` '${right.name}' in vhost`)
}

function ask(amqp: Amqp, right: ResourceRight | TopicRight): Promise<unknown> {
  if (right.kind === 'topic') {
    const { vhost, exchange, routingKey, destination } = right
    return unbind(amqp, vhost, { ...destination, source: exchange, routingKey })
  }
  const { vhost, name, resource } = right
  switch (right.right) {
    case 'configure': {
      // The broker checks the right to configure by the name alone, and then refuses the type of this argument.
      const options = { durable: true, arguments: { 'x-dead-letter-exchange': 0 } }
      return amqp.ask(vhost, 'checking rights', (channel) => channel.assertQueue(name, options))
    }
    case 'read': {
      const options = { arguments: { 'x-priority': 'not a number' } }
      return amqp.ask(vhost, 'checking rights', (channel) => channel.consume(name, () => undefined, options))
    }
    case 'write': {
      const source = name === 'amq.fanout' ? 'amq.direct' : 'amq.fanout'
      return unbind(amqp, vhost, { destinationType: resource, destination: name, source, routingKey: '' })
    }
  }
}

interface Unbinding {
  readonly source: string
  readonly destinationType: 'queue' | 'exchange'
  readonly destination: string
  readonly routingKey: string
}

/** Removing a binding that does not exist succeeds. */
function unbind(amqp: Amqp, vhost: string, { source, destinationType, destination, routingKey }: Unbinding) {
  return amqp.ask(vhost, 'checking rights', (channel) =>
    destinationType === 'queue'
      ? channel.unbindQueue(destination, source, routingKey, NO_BINDING)
      : channel.unbindExchange(destination, source, routingKey, NO_BINDING),
  )
}
