import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { SchemaNode } from '../declaration/schema/schema.ts'
import { CONFIG_SCHEMA_FILE } from '../schema-files.ts'

interface ConfigSchema extends SchemaNode {
  readonly properties: Readonly<Record<string, SchemaNode>>
  readonly definitions: Readonly<Record<string, SchemaNode>>
}

/** `schemas/config.schema.json`: the format of `warren.config.yaml` as JSON Schema. */
export const configSchema = createRequire(import.meta.url)(fileURLToPath(CONFIG_SCHEMA_FILE)) as ConfigSchema
