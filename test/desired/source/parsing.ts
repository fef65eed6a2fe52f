import { explainFinding as sentenceOf, type Finding } from '../../../src/diagnostics/findings/finding.ts'
import { formatLocation } from '../../../src/diagnostics/location.ts'
import { parseDocuments, type ParsedFile } from '../../../src/desired/source/yaml/parse-documents.ts'
import { Places } from '../../../src/desired/source/places.ts'

export function parse(text: string): ParsedFile & { places: Places } {
  const places = new Places()
  return { ...parseDocuments({ path: 't.yaml', text }, places), places }
}

/** The data of all documents, as JSON would have it. */
export function dataOf(text: string): unknown[] {
  const { documents, findings, valueFindings } = parse(text)
  const found = [...findings, ...valueFindings].map(messageOf)
  if (found.length > 0) throw new Error(found.join('\n'))
  return documents.map(({ root }) => JSON.parse(JSON.stringify(root)) as unknown)
}

/** The findings, one line each: position, code, message. */
export function findingsOf(text: string): string[] {
  const { findings, valueFindings } = parse(text)
  return [...findings, ...valueFindings].map(messageOf)
}

/** The syntax errors, one line each. */
export function syntaxFindingsOf(text: string): string[] {
  return parse(text).findings.map(messageOf)
}

function messageOf(found: Finding): string {
  const place = found.location ? `${formatLocation(found.location)} ` : ''
  return `${place}${found.code}: ${sentenceOf(found).message}`
}
