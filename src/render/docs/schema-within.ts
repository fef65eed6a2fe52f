/** Keywords whose values are data and not schemas. */
const DATA = new Set(['const', 'enum', 'default', 'examples', 'example'])
/** These keywords set a base URI or a dialect of the schema, which would change the targets of references. */
const LEFT_OUT = new Set(['$schema', '$id', 'id'])

/**
 * A JSON Schema as a part of a larger document: its references to itself are adapted to its place in the document. A
 * reference to anything else becomes a schema that accepts everything, with the reference as `x-warren-reference`.
 *
 * @param place the JSON Pointer of the schema, such as `#/components/schemas/order`
 */
export function schemaWithin(schema: unknown, place: string): unknown {
  return rewritten(schema, place, true)
}

/** @param isSchema whether the value is a schema, and not a table of schemas by the names of properties */
function rewritten(value: unknown, place: string, isSchema: boolean): unknown {
  if (Array.isArray(value)) return value.map((each) => rewritten(each, place, isSchema))
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  if (!isSchema) return Object.fromEntries(entries.map(([name, each]) => [name, rewritten(each, place, true)]))
  return Object.fromEntries(
    entries.flatMap(([keyword, each]): [string, unknown][] => {
      if (LEFT_OUT.has(keyword) && typeof each === 'string') return []
      if (keyword === '$ref' && typeof each === 'string') return [referenceWithin(each, place)]
      if (DATA.has(keyword)) return [[keyword, each]]
      return [[keyword, rewritten(each, place, !TABLES.has(keyword))]]
    }),
  )
}

/** Keywords that hold schemas by name. */
const TABLES = new Set(['properties', 'patternProperties', '$defs', 'definitions', 'dependentSchemas', 'dependencies'])

function referenceWithin(reference: string, place: string): [string, string] {
  if (reference === '#') return ['$ref', place]
  return reference.startsWith('#/') ? ['$ref', `${place}${reference.slice(1)}`] : ['x-warren-reference', reference]
}
