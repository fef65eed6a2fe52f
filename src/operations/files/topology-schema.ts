import { fileURLToPath } from 'node:url'
import {
  CONFIG_SCHEMA_FILE,
  TEMPLATES_SCHEMA_FILE,
  TESTS_SCHEMA_FILE,
  TOPOLOGY_SCHEMA_FILE,
} from '../../desired/schema-files.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'

/** A kind of file that warren has a JSON Schema for. */
export type SchemaName = 'topology' | 'config' | 'templates' | 'tests'

const FILES: Readonly<Record<SchemaName, URL>> = {
  topology: TOPOLOGY_SCHEMA_FILE,
  config: CONFIG_SCHEMA_FILE,
  templates: TEMPLATES_SCHEMA_FILE,
  tests: TESTS_SCHEMA_FILE,
}

/**
 * Returns the JSON Schema of a kind of file, as JSON text, for editors.
 *
 * @param name the kind of file: topologies, `warren.config.yaml`, templates, or tests. Default: topologies
 */
export async function topologySchema(name: SchemaName = 'topology'): Promise<string> {
  return (await readRegularFile(fileURLToPath(FILES[name]), 'document')).toString('utf8')
}
