import { fileURLToPath } from 'node:url'
import { TOPOLOGY_SCHEMA_FILE } from '../../desired/schema-files.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'

/** Returns the JSON Schema of topology files, as JSON text, for editors. */
export async function topologySchema(): Promise<string> {
  return (await readRegularFile(fileURLToPath(TOPOLOGY_SCHEMA_FILE), 'document')).toString('utf8')
}
