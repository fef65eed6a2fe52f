import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { SchemaNode } from '../declaration/schema/schema.ts'
import { TESTS_SCHEMA_FILE } from '../schema-files.ts'

/** `schemas/tests.schema.json`: the format of `*.test.yaml` as JSON Schema. */
export const testsSchema = createRequire(import.meta.url)(fileURLToPath(TESTS_SCHEMA_FILE)) as SchemaNode
