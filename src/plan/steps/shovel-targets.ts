import { address, kindOf } from '../../model/address.ts'
import { Secret } from '../../model/secrets/secret.ts'
import type { Parameter, ParameterValue } from '../../model/topology.ts'

/**
 * The addresses of the queues and exchanges of this broker that a shovel publishes to. Which broker a host name leads to is not
 * known here: only the broker's own host, and this machine's, are taken for it.
 *
 * @param host where the broker's API is
 */
export function shovelTargets({ vhost, component, value }: Parameter, host: string): readonly string[] {
  if (component !== 'shovel' || typeof value !== 'object' || value === null || value instanceof Secret) return []
  const table = value as Readonly<Record<string, ParameterValue>>
  const targets = new Set<string>()
  for (const uri of textsIn(table['dest-uri'], [''])) {
    const to = vhostOf(uri, vhost, host)
    if (to === undefined) continue
    for (const queue of textsIn(table['dest-queue'])) targets.add(address('queue', to, queue))
    for (const exchange of textsIn(table['dest-exchange'])) {
      if (exchange !== '') targets.add(address('exchange', to, exchange))
      else for (const key of textsIn(table['dest-exchange-key'])) targets.add(address('queue', to, key))
    }
    for (const dest of textsIn(table['dest-address'])) {
      const at = addressIn(dest, to)
      if (at !== undefined) targets.add(at)
    }
  }
  return [...targets].filter((at) => kindOf(at) !== undefined)
}

function textsIn(value: ParameterValue | undefined, otherwise: readonly string[] = []): readonly string[] {
  if (value === undefined) return otherwise
  const all = Array.isArray(value) ? (value as readonly ParameterValue[]) : [value]
  return all.flatMap((each) => (each instanceof Secret ? each.reveal() : typeof each === 'string' ? each : []))
}

const URI = /^[a-z]+:\/\/(?:[^@]*@)?(?<host>\[[^\]]*\]|[^/?#:]*)(?::\d*)?(?:\/(?<vhost>[^/?#]*))?/i
const THIS_MACHINE = /^(?:|localhost|127(?:\.\d+){3}|\[::1\])$/i

/** The virtual host of this broker that a URI leads to; undefined where it leads to another broker. */
function vhostOf(uri: string, own: string, host: string): string | undefined {
  const parts = URI.exec(uri)?.groups
  const named = parts?.['host'] ?? ''
  if (!THIS_MACHINE.test(named) && named.toLowerCase() !== host.toLowerCase()) return undefined
  try {
    // Without a path it is the virtual host of the shovel.
    return parts?.['vhost'] === undefined ? own : decodeURIComponent(parts['vhost'])
  } catch {
    return own
  }
}

/** An address of AMQP 1.0, in its first or second form, where it names a queue or an exchange. */
function addressIn(dest: string, vhost: string): string | undefined {
  const [, how, name] = /^\/(queues?|amq\/queue|exchanges?)\/([^/]+)/.exec(dest) ?? []
  if (name === undefined) return dest === '' || dest.startsWith('/') ? undefined : address('queue', vhost, dest)
  const kind = how?.startsWith('exchange') ? 'exchange' : 'queue'
  try {
    return address(kind, vhost, decodeURIComponent(name))
  } catch {
    return address(kind, vhost, name)
  }
}
