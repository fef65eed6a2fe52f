import { parseJsonTree } from './json/json-tree.ts'
import type { Places } from './places.ts'
import type { SourceFile } from './source-file.ts'
import { SourceText } from './source-text.ts'
import type { ParsedFile } from './yaml/parse-documents.ts'
import { parsePlainYaml } from './yaml/plain-yaml.ts'

const JSON_NAME = /\.json$/i
const BEGINS_LIKE_JSON = /^\s*[{[]/

/** Reads all documents of one file. Never throws: errors become findings. */
export async function parseFile(file: SourceFile, places: Places): Promise<ParsedFile> {
  const { parsed, json } = parseQuickly(file, places)
  if (parsed !== undefined) return parsed
  const { parseDocuments } = await import('./yaml/parse-documents.ts')
  return chooseYaml(parseDocuments(file, places), json)
}

/** The result of the quick readers. */
export interface QuicklyParsed {
  /** Absent if only the complete YAML reader can read the file. */
  readonly parsed?: ParsedFile
  /** The mistakes in a string that begins like JSON, in case it is not YAML either. */
  readonly json?: ParsedFile
}

/**
 * Reads JSON, which many generators write, and YAML in the usual form without the complete YAML reader, which takes ten
 * times as long, and some time to load. A file with another extension that begins like JSON may be YAML in flow style.
 */
export function parseQuickly(file: SourceFile, places: Places): QuicklyParsed {
  const isNamedJson = JSON_NAME.test(file.path)
  if (isNamedJson || BEGINS_LIKE_JSON.test(file.text)) {
    const json = parseJsonFile(file, places)
    return isNamedJson || !json.incomplete ? { parsed: json } : { json }
  }
  const source = new SourceText(file)
  const documents = parsePlainYaml(source, places)
  return documents ? { parsed: { source, documents, findings: [], valueFindings: [], incomplete: false } } : {}
}

/** Prefers the mistakes of JSON to those of YAML. */
export function chooseYaml(yaml: ParsedFile, json: ParsedFile | undefined): ParsedFile {
  return json !== undefined && yaml.findings.length > 0 ? json : yaml
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
