export { TOPOLOGY_SCHEMA_FILE as schemaFile } from '../declaration/schema.ts'
