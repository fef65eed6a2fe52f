import { parseJsonTree } from './json/json-tree.ts'
import type { Places } from './places.ts'
import type { SourceFile } from './source-file.ts'
import { SourceText } from './source-text.ts'
import { parseDocuments, type ParsedFile } from './yaml/parse-documents.ts'

const JSON_NAME = /\.json$/i
const BEGINS_LIKE_JSON = /^\s*[{[]/

/**
 * Reads all documents of one file. Never throws: errors become findings.
 *
 * JSON, which many generators write, is read without the YAML reader, which is much faster. A file with another
 * extension that begins like JSON may be YAML in flow style.
 */
export function parseFile(file: SourceFile, places: Places): ParsedFile {
  const isNamedJson = JSON_NAME.test(file.path)
  if (!isNamedJson && !BEGINS_LIKE_JSON.test(file.text)) return parseDocuments(file, places)
  const json = parseJsonFile(file, places)
  if (isNamedJson || !json.incomplete) return json
  const yaml = parseDocuments(file, places)
  return yaml.findings.length > 0 ? json : yaml
}

function parseJsonFile(file: SourceFile, places: Places): ParsedFile {
  const source = new SourceText(file)
  if (source.text.trim() === '') return { source, documents: [], findings: [], valueFindings: [], incomplete: false }
  const parsed = parseJsonTree(source, places)
  if ('problem' in parsed) {
    return { source, documents: [], findings: [parsed.problem], valueFindings: [], incomplete: true }
  }
  const { root, start, end, findings } = parsed
  const document = { root, place: { source, start, end }, damage: [] }
  return { source, documents: [document], findings: [], valueFindings: findings, incomplete: false }
}
