import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { TOPOLOGY_SCHEMA_FILE } from '../../schema-files.ts'

/** The parts of a JSON Schema node that findings need. */
export interface SchemaNode {
  readonly $ref?: string
  readonly title?: string
  readonly description?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly properties?: Readonly<Record<string, SchemaNode | boolean>>
  readonly additionalProperties?: SchemaNode | boolean
  readonly required?: readonly string[]
  readonly items?: SchemaNode
  readonly oneOf?: readonly SchemaNode[]
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
