import type { Command } from 'commander'
import type { AmqpTarget } from '../../../broker/amqp/connections/amqp-target.ts'
import { DEFAULT_PORTS, hostOfUrl } from '../../../model/amqp/amqp-address.ts'
import { Secret } from '../../../model/secrets/secret.ts'
import type { BrokerOptions } from '../../../operations/session/options.ts'
import { type ConnectionFlags, connectionSources, type EnvironmentConnection } from './connection-sources.ts'
import type { Io } from '../../output/io.ts'
import { usageError } from '../usage-error.ts'

/** Adds the option for the address of AMQP. */
export function addAmqpOption(command: Command): Command {
  return command.option(
    '--amqp-url <url>',
    'AMQP, to count and move messages and to hold a lock (WARREN_AMQP_URL; default: what the broker reports)',
  )
}

/**
 * The address of AMQP, if it is set. The login of the URL takes precedence over that of the management API. A virtual
 * host in the URL has no effect, because the files name the virtual hosts.
 *
 * @param chosen the environment that replaces variables. Default: none
 */
export function amqpOption(
  flags: ConnectionFlags,
  { connection }: BrokerOptions,
  io: Io,
  chosen?: EnvironmentConnection,
): { readonly amqp?: AmqpTarget } {
  const { amqpUrl: given, unused } = connectionSources(flags, io, chosen)
  if (unused !== undefined) {
    io.err(`Not used: ${unused}, because the URL of the management API is not from there.\n`)
  }
  if (given === undefined) return {}
  if (!URL.canParse(given)) throw notAmqp()
  const url = new URL(given)
  if (url.protocol !== 'amqp:' && url.protocol !== 'amqps:') throw notAmqp()
  const protocol = url.protocol === 'amqps:' ? 'amqps' : 'amqp'
  const isSaid = url.username !== ''
  if (isSaid) io.secrets.addLogin(decode(url.username), decode(url.password))
  return {
    amqp: {
      protocol,
      hostname: hostOfUrl(url),
      port: url.port === '' ? DEFAULT_PORTS[protocol] : Number(url.port),
      user: isSaid ? decode(url.username) : connection.user,
      password: isSaid ? new Secret(decode(url.password)) : connection.password,
      ...(connection.tls && { tls: connection.tls }),
    },
  }
}

/** The error does not contain the URL, which may include a password. */
function notAmqp(): Error {
  return usageError('the AMQP URL is not a URL', 'write it as amqp://localhost:5672, in --amqp-url or WARREN_AMQP_URL')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
