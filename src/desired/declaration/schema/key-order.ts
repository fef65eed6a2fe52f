import type { KeyOrder } from '../../source/yaml/format-yaml.ts'
import { type SchemaNode, topologySchema } from './schema.ts'

/** The keys that describe a declaration come first. */
const FIRST = ['description', 'labels']

/**
 * The canonical order of the keys of a topology file, which is that of the schema. Names keep the order in the file.
 */
export function topologyKeyOrder(): KeyOrder {
  return orderOf(topologySchema, false)
}

function orderOf(node: SchemaNode, isEntry = true): KeyOrder {
  const target = targetOf(node)
  const keys = Object.keys(target.properties ?? {})
  // Arguments and definitions have properties in the schema, but their order is left to the user.
  const isRaw = typeof target.additionalProperties === 'object' || target.additionalProperties === undefined
  const ranked = isEntry ? [...FIRST, ...keys.filter((key) => !FIRST.includes(key))] : keys
  const ranks = new Map(ranked.map((key, index) => [key, index]))
  return {
    rank: (key) => (isRaw && isEntry ? undefined : ranks.get(key)),
    within: (key) => {
      const own = target.properties?.[key]
      const child = typeof own === 'object' ? own : target.additionalProperties
      return typeof child === 'object' ? orderOf(child) : undefined
    },
    items: () => (target.items ? orderOf(target.items) : undefined),
  }
}

function targetOf(node: SchemaNode): SchemaNode {
  return {
    ...node,
    ...(node.$ref !== undefined && topologySchema.definitions[node.$ref.replace('#/definitions/', '')]),
  }
}
