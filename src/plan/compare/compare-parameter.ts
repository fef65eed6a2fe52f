import { canonicalJson } from '../../model/address.ts'
import { revealCredentials } from '../../model/secrets/mask-credentials.ts'
import { meaningOfUri, type UriProtocol } from '../../model/amqp/amqp-uri.ts'
import { Secret } from '../../model/secrets/secret.ts'
import type { ParameterValue } from '../../model/topology.ts'
import type { Difference } from '../change.ts'
import { isTable } from '../../model/values/table.ts'

/**
 * Compares the values of two parameters, key by key if both are tables.
 *
 * Two values that differ only in the login of a URI look equal when masked, so only the fact of the change is
 * reported. URIs of a shovel or a federation upstream are compared by their meaning, because the broker stores their
 * text.
 *
 * @param component the component of the parameter; absent for a global one
 */
export function compareParameterValues(
  live: ParameterValue,
  desired: ParameterValue,
  component?: string,
): Difference[] {
  // The broker stores a table as a list of pairs, so it returns an empty one as an empty list (rabbit_mgmt_util).
  if (isEmpty(live) && isEmpty(desired)) return []
  return compareValues(component === undefined ? live : withEqualUris(component, live, desired), desired)
}

const URI_KEYS: Readonly<Record<string, readonly string[]>> = {
  shovel: ['src-uri', 'dest-uri'],
  'federation-upstream': ['uri'],
}

/** The live value, in which each URI with the same meaning has the declared spelling. */
function withEqualUris(component: string, live: ParameterValue, desired: ParameterValue): ParameterValue {
  if (!Object.hasOwn(URI_KEYS, component) || !isTable(live) || !isTable(desired)) return live
  const equal = (URI_KEYS[component] ?? []).flatMap((key): [string, ParameterValue][] => {
    const [before, after] = [ownValue(live, key), ownValue(desired, key)]
    if (before === undefined || after === undefined) return []
    const [one, other] = [meaningsOf(before, protocolOf(live, key)), meaningsOf(after, protocolOf(desired, key))]
    return one !== undefined && one === other ? [[key, after]] : []
  })
  return { ...live, ...Object.fromEntries(equal) }
}

function protocolOf(table: Table, key: string): UriProtocol {
  return ownValue(table, key.replace(/uri$/, 'protocol')) === 'amqp10' ? 'amqp10' : 'amqp091'
}

/**
 * A single URI equals a list that contains only it. The broker chooses from a list at random, but its order is kept
 * as declared.
 */
function meaningsOf(value: ParameterValue, protocol: UriProtocol): string | undefined {
  const uris = revealCredentials(Array.isArray(value) ? value : [value])
  if (!Array.isArray(uris)) return undefined
  const meanings = uris.map((uri) => (typeof uri === 'string' ? meaningOfUri(uri, protocol) : undefined))
  return meanings.includes(undefined) ? undefined : canonicalJson(meanings)
}

function isEmpty(value: ParameterValue): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Secret) && Object.keys(value).length === 0
}

function compareValues(live: ParameterValue, desired: ParameterValue): Difference[] {
  if (canonicalJson(revealCredentials(live)) === canonicalJson(revealCredentials(desired))) return []
  if (!isTable(live) || !isTable(desired)) {
    const alike = JSON.stringify(live) === JSON.stringify(desired)
    return [alike ? { property: 'value', secret: 'changed' } : { property: 'value', before: live, after: desired }]
  }
  const names = [...new Set([...Object.keys(live), ...Object.keys(desired)])].toSorted()
  return names.flatMap((name) => {
    const [before, after] = [ownValue(live, name), ownValue(desired, name)]
    if (before === undefined) return [{ property: `value.${name}`, after }]
    if (after === undefined) return [{ property: `value.${name}`, before }]
    return compareValues(before, after).map((each) => ({
      ...each,
      property: each.property.replace(/^value/, `value.${name}`),
    }))
  })
}

type Table = { readonly [key: string]: ParameterValue }

function ownValue(table: Table, name: string): ParameterValue | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
