import { withCode } from '../../diagnostics/error-code.ts'
/**
 * Builds a path of the management API. It encodes every segment, so a `/` in a name remains a part of the name.
 *
 * It refuses the names `.` and `..`, because the broker removes dot segments after decoding, and the request would
 * reach the parent of the intended resource.
 */
export function apiPath(...segments: readonly string[]): string {
  return `/api/${segments.map(encodeSegment).join('/')}`
}

function encodeSegment(segment: string): string {
  if (segment === '' || segment === '.' || segment === '..') {
    throw withCode(
      'INVALID_OPTION',
      new RangeError(`the management API cannot address the name ${JSON.stringify(segment)}`),
    )
  }
  return encodeURIComponent(segment)
}

/** The two ends of a binding. */
export interface BindingEnds {
  readonly vhost: string
  readonly source: string
  readonly destinationType: 'queue' | 'exchange'
  readonly destination: string
}

const DESTINATION = { queue: 'q', exchange: 'e' } as const

/** The path of the bindings from an exchange to a queue or to another exchange. */
export function bindingsPath({ vhost, source, destinationType, destination }: BindingEnds): string {
  return apiPath('bindings', vhost, 'e', source, DESTINATION[destinationType], destination)
}

/**
 * The path of one binding.
 *
 * @param propertiesKey the key in the broker's list, never a computed one: it contains Erlang's own hash of the
 *   arguments
 */
export function bindingPath(ends: BindingEnds, propertiesKey: string): string {
  const { vhost, source, destinationType, destination } = ends
  return apiPath('bindings', vhost, 'e', source, DESTINATION[destinationType], destination, addressable(propertiesKey))
}

/**
 * The routing key as escaped by the broker, followed by `~` and the hash of the arguments. The broker reads `null`
 * and `undefined` as no key (rabbit_mgmt_wm_binding), and dot segments are removed from every URL. The broker
 * unescapes the key, so an escaped first character does not change it.
 */
function addressable(propertiesKey: string): string {
  return propertiesKey.replace(/^(?:null|undefined|\.\.?)(?=~|$)/, (key) => {
    const code = key.charCodeAt(0).toString(16).toUpperCase()
    return `%${code}${key.slice(1)}`
  })
}

/** The name of an exchange in a path: the default exchange has none, which no path can hold (rabbit_mgmt_util). */
export function exchangeInPath(name: string): string {
  return name === '' ? 'amq.default' : name
}
