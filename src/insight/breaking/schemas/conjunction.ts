import { isTable } from '../../../model/values/table.ts'
import {
  type SchemaDocument,
  type SchemaTable,
  isKnown,
  propertiesOf,
  resolveReference,
  schemasOf,
} from './keywords.ts'
import { possibleTypes } from './possible-values.ts'

/** Schemas that a message has to satisfy all at once. `allOf` and references are replaced with the schemas that they contain. */
export interface Conjunction {
  readonly parts: readonly SchemaTable[]
  /** Whether no message satisfies it. */
  readonly empty: boolean
}

/** Replaces `allOf` and references with the schemas that they contain. Returns undefined if a keyword or a reference is unknown. */
export function flatten(
  schemas: readonly unknown[],
  document: SchemaDocument,
  seen: ReadonlySet<unknown> = new Set(),
): Conjunction | undefined {
  const parts: SchemaTable[] = []
  let empty = false
  for (const schema of schemas) {
    if (schema === true) continue
    if (schema === false) empty = true
    else {
      if (!isTable(schema) || !isComparable(schema, document) || seen.has(schema)) return undefined
      const isReference = Object.hasOwn(schema, '$ref')
      const target = isReference ? resolveReference(schema, document) : undefined
      if (isReference && target === undefined) return undefined
      const inner = isReference ? [target] : schemasOf(schema['allOf'])
      const further = flatten(inner, document, new Set([...seen, schema]))
      if (further === undefined) return undefined
      // The parts of `allOf` are in `further`; a part that kept them would be flattened again in each branch.
      const { allOf: _, $id: __, ...own } = schema
      if (!isReference) parts.push(own)
      parts.push(...further.parts)
      empty ||= further.empty
    }
  }
  return { parts, empty: empty || possibleTypes(parts).length === 0 }
}

/** Whether all keywords are known. A nested `$id` changes the targets of the references below it, so such a schema is not comparable. */
export function isComparable(schema: SchemaTable, { root }: SchemaDocument): boolean {
  return isKnown(schema) && (schema === root || !Object.hasOwn(schema, '$id'))
}

/** The schemas that a property of this name has to satisfy all at once, if a message has it. */
export function propertySchemas(parts: readonly SchemaTable[], name: string): readonly unknown[] {
  return parts.flatMap((part) => {
    const properties = propertiesOf(part)
    if (Object.hasOwn(properties, name)) return [properties[name]]
    return additionalSchemas([part])
  })
}

/** The schemas for properties that `properties` does not name. */
export function additionalSchemas(parts: readonly SchemaTable[]): readonly unknown[] {
  return parts.flatMap((part) =>
    Object.hasOwn(part, 'additionalProperties') && !Object.hasOwn(part, 'patternProperties')
      ? [part['additionalProperties']]
      : [],
  )
}
