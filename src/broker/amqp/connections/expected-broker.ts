import { WarrenError } from '../../../diagnostics/warren-error.ts'
import { hostInUrl } from '../../../model/amqp/amqp-address.ts'
import type { AmqpTarget } from './amqp-target.ts'

/** AMQP leads to another broker than the management API. Nothing was done on either. */
export class WrongBrokerError extends WarrenError {
  override readonly name = 'WrongBrokerError'

  constructor({ protocol, hostname, port, expectedBroker }: AmqpTarget, clusterName: string | undefined) {
    const overAmqp = `${protocol}://${hostInUrl(hostname)}:${port} is ${named(clusterName)}`
    const overHttp = `${expectedBroker?.url} is ${named(expectedBroker?.clusterName)}`
    super(`AMQP and the management API lead to different brokers: ${overAmqp}, and ${overHttp}`, {
      code: 'WRONG_BROKER',
      hint: 'let --url and --amqp-url (WARREN_URL and WARREN_AMQP_URL) name the same cluster; nothing was done',
    })
  }
}

/**
 * Compares the cluster name that an AMQP connection reports with that of the management API.
 *
 * @throws {WrongBrokerError} when they differ, or one of them is unknown
 */
export function requireExpectedBroker(target: AmqpTarget, clusterName: string | undefined): void {
  if (target.expectedBroker === undefined) return
  if (clusterName !== undefined && clusterName === target.expectedBroker.clusterName) return
  throw new WrongBrokerError(target, clusterName)
}

function named(clusterName: string | undefined): string {
  return clusterName === undefined ? 'a broker that reports no cluster name' : JSON.stringify(clusterName)
}
