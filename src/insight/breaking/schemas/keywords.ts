import { canonicalJson } from '../../../model/address.ts'
import { isTable } from '../../../model/values/table.ts'

/** A JSON Schema that is a table; `true` and `false` are schemas too. */
export type SchemaTable = Readonly<Record<string, unknown>>

/** A schema document; a local `$ref` refers to a part of it. */
export interface SchemaDocument {
  readonly root: unknown
}

/** Keywords that do not affect which messages are valid. */
const ANNOTATIONS = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
])

/** Keywords that the comparison can compare. */
const UNDERSTOOD = new Set([
  '$ref',
  'type',
  'enum',
  'const',
  'allOf',
  'anyOf',
  'oneOf',
  'properties',
  'required',
  'additionalProperties',
  'items',
  'minItems',
  'maxItems',
  'minLength',
  'maxLength',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'pattern',
  'format',
  'minProperties',
  'maxProperties',
])

/**
 * Keywords that only restrict a schema. The sent schema may have them, and they are ignored there. In the accepted
 * schema they prevent a proof.
 */
const NARROWING = new Set([
  'not',
  'if',
  'then',
  'else',
  'uniqueItems',
  'contains',
  'minContains',
  'maxContains',
  'propertyNames',
  'patternProperties',
  'dependentRequired',
  'dependentSchemas',
  'dependencies',
  'prefixItems',
  'unevaluatedProperties',
  'unevaluatedItems',
])

/** Whether a keyword does not affect which messages are valid. */
export function isAnnotation(keyword: string): boolean {
  return ANNOTATIONS.has(keyword) || keyword.startsWith('x-')
}

/** Whether a schema has only keywords whose meaning is known, though not all of them can be compared. */
export function isKnown(schema: SchemaTable): boolean {
  return Object.keys(schema).every((each) => UNDERSTOOD.has(each) || NARROWING.has(each) || isAnnotation(each))
}

/** Whether the comparison understands a keyword well enough to prove that messages satisfy it. */
export function isUnderstood(keyword: string): boolean {
  return UNDERSTOOD.has(keyword)
}

/** The JSON types, without `integer`, which counts as a number. */
export const JSON_TYPES = ['null', 'boolean', 'number', 'string', 'array', 'object'] as const

export type JsonType = (typeof JSON_TYPES)[number]

/** The type of a JSON value. */
export function jsonTypeOf(value: unknown): JsonType {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  const type = typeof value
  return type === 'boolean' || type === 'number' || type === 'string' ? type : 'object'
}

/** The types that `type` lists; undefined if every type is valid. */
export function listedTypes({ type }: SchemaTable): readonly string[] | undefined {
  if (type === undefined) return undefined
  return (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string')
}

/** The values that `enum` or `const` lists; undefined if there is neither. */
export function listedValues(schema: SchemaTable): readonly unknown[] | undefined {
  if (Object.hasOwn(schema, 'const')) return [schema['const']]
  return Array.isArray(schema['enum']) ? (schema['enum'] as readonly unknown[]) : undefined
}

/** Reads a list of schemas, such as that of `anyOf`; empty if there is none. */
export function schemasOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

/** The table of `properties`. */
export function propertiesOf({ properties }: SchemaTable): SchemaTable {
  return isTable(properties) ? properties : {}
}

/**
 * Resolves a local `$ref`. Returns undefined if it has no target in the document, or if other keywords stand next to
 * it, because the drafts treat those differently.
 */
export function resolveReference(schema: SchemaTable, { root }: SchemaDocument): unknown {
  const { $ref, ...others } = schema
  if (typeof $ref !== 'string' || !$ref.startsWith('#')) return undefined
  if (!Object.keys(others).every(isAnnotation)) return undefined
  let target: unknown = root
  for (const part of $ref.slice(1).split('/').slice(1)) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')
    if (!isTable(target) || !Object.hasOwn(target, key)) return undefined
    target = target[key]
    // A part with its own `$id` changes the targets of the references below it.
    if (isTable(target) && Object.hasOwn(target, '$id')) return undefined
  }
  return target
}

/** The text of a schema without annotations. Documents with equal texts accept the same messages. */
export function canonicalSchema(document: unknown): string {
  return canonicalJson(withoutAnnotations(document))
}

/**
 * Removes annotations only from schemas: values of other keywords, such as `enum` and `dependentRequired`, may
 * contain the same keys as data.
 */
function withoutAnnotations(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutAnnotations)
  if (!isTable(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([key, value]): [string, unknown][] => {
      if (TABLES_OF_SCHEMAS.has(key) && isTable(value)) {
        const inner = Object.entries(value).map(([name, each]) => [name, withoutAnnotations(each)] as const)
        return [[key, Object.fromEntries(inner)]]
      }
      if (key === 'required' && Array.isArray(value)) return [[key, value.map(String).toSorted()]]
      if (SCHEMAS.has(key)) return [[key, withoutAnnotations(value)]]
      return key !== '$schema' && isAnnotation(key) ? [] : [[key, value]]
    }),
  )
}

const TABLES_OF_SCHEMAS = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas'])
const SCHEMAS = new Set(
  'allOf anyOf oneOf items prefixItems additionalProperties not if then else contains propertyNames'.split(' '),
)
