import type { Command } from 'commander'
import type { AmqpTarget } from '../../../broker/amqp/connections/amqp-target.ts'
import { DEFAULT_PORTS, hostOfUrl } from '../../../model/amqp/amqp-address.ts'
import { Secret } from '../../../model/secrets/secret.ts'
import type { BrokerOptions } from '../../../operations/session/options.ts'
import { type ConnectionFlags, connectionSources, type EnvironmentConnection } from './connection-sources.ts'
import type { Io } from '../../output/io.ts'
import { usageError } from '../usage-error.ts'

/** Adds the option that says where AMQP is. */
export function addAmqpOption(command: Command): Command {
  return command.option(
    '--amqp-url <url>',
    'AMQP, to count and move messages and to hold a lock (WARREN_AMQP_URL; default: what the broker reports)',
  )
}

/**
 * Where AMQP is, if it is said. The login of the URL counts where it has one, else that of the management API. A virtual
 * host in it means nothing here: the files say which ones there are.
 *
 * @param chosen the environment that takes the place of variables. Default: none
 */
export function amqpOption(
  flags: ConnectionFlags,
  { connection }: BrokerOptions,
  io: Io,
  chosen?: EnvironmentConnection,
): { readonly amqp?: AmqpTarget } {
  const { amqpUrl: given, unused } = connectionSources(flags, io, chosen)
  if (unused !== undefined) {
    io.err(`Not used: ${unused}, since the management API is given outside of it.\n`)
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

/** The error does not repeat the URL, which may hold a password. */
function notAmqp(): Error {
  return usageError('the AMQP URL is none', 'write it as amqp://localhost:5672, in --amqp-url or WARREN_AMQP_URL')
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
