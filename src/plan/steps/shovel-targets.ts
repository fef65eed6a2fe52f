import { address, kindOf } from '../../model/address.ts'
import { Secret } from '../../model/secrets/secret.ts'
import type { Parameter, ParameterValue } from '../../model/topology.ts'

/** A queue or an exchange to which a shovel publishes. */
export interface ShovelTarget {
  readonly address: string
  /** The host, if it may be this broker under another name, or another broker. */
  readonly host?: string
}

/**
 * The queues and exchanges that a shovel publishes to and that may belong to this broker. It is unknown which broker
 * is behind the name or the IP address of another host.
 *
 * @param host the host of the broker's API
 */
export function shovelTargets({ vhost, component, value }: Parameter, host: string): readonly ShovelTarget[] {
  if (component !== 'shovel' || typeof value !== 'object' || value === null || value instanceof Secret) return []
  const table = value as Readonly<Record<string, ParameterValue>>
  const targets = new Map<string, ShovelTarget>()
  for (const uri of textsIn(table['dest-uri'], [''])) {
    const { to, other } = placeOf(uri, vhost, host)
    const add = (at: string) => {
      // A target that is certain for one URI stays certain.
      if (other === undefined || !targets.has(at)) targets.set(at, { address: at, ...(other && { host: other }) })
    }
    for (const queue of textsIn(table['dest-queue'])) add(address('queue', to, queue))
    for (const exchange of textsIn(table['dest-exchange'])) {
      if (exchange !== '') add(address('exchange', to, exchange))
      else for (const key of textsIn(table['dest-exchange-key'])) add(address('queue', to, key))
    }
    for (const dest of textsIn(table['dest-address'])) {
      const at = addressIn(dest, to)
      if (at !== undefined) add(at)
    }
  }
  return [...targets.values()].filter((each) => kindOf(each.address) !== undefined)
}

function textsIn(value: ParameterValue | undefined, otherwise: readonly string[] = []): readonly string[] {
  if (value === undefined) return otherwise
  const all = Array.isArray(value) ? (value as readonly ParameterValue[]) : [value]
  return all.flatMap((each) => (each instanceof Secret ? each.reveal() : typeof each === 'string' ? each : []))
}

const URI = /^[a-z]+:\/\/(?:.*@)?(?<host>\[[^\]]*\]|[^/?#:]*)(?::\d*)?(?:\/(?<vhost>[^/?#]*))?/is
const THIS_MACHINE = /^(?:|localhost|127(?:\.\d+){3}|\[::1\])$/i

/** The virtual host in a URI, and its host if it may be another broker. */
function placeOf(uri: string, own: string, host: string): { readonly to: string; readonly other?: string } {
  const parts = URI.exec(uri)?.groups
  const named = parts?.['host'] ?? ''
  const isOwn = THIS_MACHINE.test(named) || named.toLowerCase() === host.toLowerCase()
  return { to: vhostIn(parts?.['vhost']) ?? own, ...(!isOwn && { other: named }) }
}

/** Without a path, it is the virtual host of the shovel. */
function vhostIn(path: string | undefined): string | undefined {
  try {
    return path === undefined ? undefined : decodeURIComponent(path)
  } catch {
    return undefined
  }
}

/** An address of AMQP 1.0, version 1 or 2, if it names a queue or an exchange. */
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
