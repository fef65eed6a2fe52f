import { chooseYaml, parseQuickly } from './parse-file.ts'
import type { Places } from './places.ts'
import type { SourceFile } from './source-file.ts'
import { parseDocuments, type ParsedFile } from './yaml/parse-documents.ts'

/** The same as `parseFile` for synchronous functions; loads the complete YAML reader in any case. */
export function parseFileNow(file: SourceFile, places: Places): ParsedFile {
  const { parsed, json } = parseQuickly(file, places)
  return parsed ?? chooseYaml(parseDocuments(file, places), json)
}
