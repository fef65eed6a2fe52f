import type { ErrorObject } from 'ajv'
import { mayHoldReferences } from '../../source/references/references.ts'
import type { Table } from '../../source/tree.ts'
import type { Run } from '../run.ts'
import { addressedBy, schemaFindings, type Addressed } from './schema-findings.ts'
import type { SchemaNode } from './schema.ts'
import { topologyValidator } from './topology-validator.ts'

/**
 * Checks a merged document against the schema, and reports invalid values. A string that consists of a single reference
 * becomes a number or a boolean if only that is valid.
 */
export function checkSchema(root: Table, run: Run): void {
  let errors = errorsOf(root)
  const converted = errors.filter((error) => convert(error, addressedBy(error.instancePath, root, run), run))
  if (converted.length > 0) errors = errorsOf(root)
  const known = errors.filter((error) => !isUnresolved(addressedBy(error.instancePath, root, run), run))
  for (const found of schemaFindings(known, root, run)) run.report(found)
}

/** The errors of the schema check. */
export function errorsOf(root: Table): readonly ErrorObject[] {
  const validate = topologyValidator()
  return validate(root) ? [] : (validate.errors ?? [])
}

/**
 * A value with unresolved references cannot be checked. Unresolved references are reported separately, or ignored
 * intentionally.
 */
export function isUnresolved({ value, within }: Addressed, run: Run): boolean {
  if (!within || typeof value !== 'string') return false
  const resolved = run.references.resolved(within.container, within.key)
  return resolved ? resolved.failed : mayHoldReferences(value)
}

function convert(error: ErrorObject, { value, within }: Addressed, run: Run): boolean {
  if (!within || typeof value !== 'string') return false
  const { container, key } = within
  const resolved = run.references.resolved(container, key)
  if (!resolved?.alone || resolved.failed) return false
  const converted = convertText(value, error.parentSchema as SchemaNode)
  if (converted === undefined) return false
  ;(container as Record<string | number, unknown>)[key] = converted
  return true
}

function convertText(text: string, { type = [] }: SchemaNode): number | boolean | undefined {
  const number = Number(text)
  if (type.includes('integer') && /^-?[0-9]+$/.test(text) && Number.isSafeInteger(number)) return number
  if (type.includes('number') && /^-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?$/.test(text) && Number.isFinite(number))
    return number
  if (type.includes('boolean') && (text === 'true' || text === 'false')) return text === 'true'
  return undefined
}
