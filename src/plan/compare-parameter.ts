import { canonicalJson } from '../model/address.ts'
import { revealLogins } from '../model/hide-logins.ts'
import { Secret } from '../model/secret.ts'
import type { ParameterValue } from '../model/topology.ts'
import type { Difference } from './plan.ts'

/**
 * Compares the values of two parameters, key by key where both are tables.
 *
 * Two that differ only in the login of a URI show alike: then only that it changed can be told.
 */
export function compareParameterValues(live: ParameterValue, desired: ParameterValue): Difference[] {
  // The broker keeps a table as a list of pairs, so that an empty one comes back as an empty list (rabbit_mgmt_util).
  return isEmpty(live) && isEmpty(desired) ? [] : compareValues(live, desired)
}

function isEmpty(value: ParameterValue): boolean {
  return typeof value === 'object' && value !== null && !(value instanceof Secret) && Object.keys(value).length === 0
}

function compareValues(live: ParameterValue, desired: ParameterValue): Difference[] {
  if (canonicalJson(revealLogins(live)) === canonicalJson(revealLogins(desired))) return []
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

function isTable(value: ParameterValue): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Secret)
}

function ownValue(table: Table, name: string): ParameterValue | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined
}
