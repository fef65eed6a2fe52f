export { TOPOLOGY_SCHEMA_FILE as schemaFile } from '../../desired/schema-files.ts'
