import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { TOPOLOGY_SCHEMA_FILE } from '../../schema-files.ts'

/** A node of a JSON Schema, with the keywords that warren's schemas use. */
export interface SchemaNode {
  readonly $schema?: string
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly minItems?: number
  readonly maxItems?: number
  readonly minProperties?: number
  readonly maxProperties?: number
  readonly properties?: Readonly<Record<string, SchemaNode | boolean>>
  readonly patternProperties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly propertyNames?: SchemaNode
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly oneOf?: readonly SchemaNode[]
  readonly not?: SchemaNode
  readonly if?: SchemaNode
  readonly then?: SchemaNode
  readonly else?: SchemaNode
  readonly definitions?: Readonly<Record<string, SchemaNode>>
}

interface TopologySchema extends SchemaNode {
  readonly properties: Readonly<Record<string, SchemaNode>>
  readonly definitions: Readonly<Record<string, SchemaNode>>
}

/** `schemas/topology.schema.json`: the topology file format as JSON Schema. */
export const topologySchema = createRequire(import.meta.url)(fileURLToPath(TOPOLOGY_SCHEMA_FILE)) as TopologySchema

/** The schema node of a document's key, with `$ref` resolved. */
export function nodeOfKey(key: string): SchemaNode {
  const node = topologySchema.properties[key] ?? {}
  return { ...topologySchema.definitions[node.$ref?.replace('#/definitions/', '') ?? ''], ...node }
}

/** A node that is used at several positions of a document. */
export function nodeOfDefinition(name: string): SchemaNode {
  return topologySchema.definitions[name] ?? {}
}
