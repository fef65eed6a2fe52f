import { isScalar, type Node } from 'yaml'
import type { Finding } from '../../../diagnostics/findings/finding.ts'
import { TreeBuilder } from './build-tree.ts'
import type { Place, Places } from '../places.ts'
import { readYaml, type Damage } from './read-yaml.ts'
import { SourceText } from '../source-text.ts'
import type { SourceFile } from '../source-file.ts'
import type { Tree } from '../tree.ts'

/** One document of a file, as plain data with recorded positions. */
export interface ParsedDocument {
  readonly root: Tree
  readonly place: Place
  readonly damage: readonly Damage[]
}

export interface ParsedFile {
  readonly source: SourceText
  /** Documents with content. */
  readonly documents: readonly ParsedDocument[]
  /** Syntax errors. */
  readonly findings: readonly Finding[]
  /** Invalid values, keys and aliases. */
  readonly valueFindings: readonly Finding[]
  /** Whether a document was unusable, so that objects that the others refer to may be missing. */
  readonly incomplete: boolean
}

/** Reads all documents of one file. Never throws: errors become findings. */
export function parseDocuments(file: SourceFile, places: Places): ParsedFile {
  const source = new SourceText(file)
  const read = readYaml(source)
  const builder = new TreeBuilder(source, places)
  const findings = [...read.findings]
  const documents: ParsedDocument[] = []
  let incomplete = read.findings.length > 0
  for (const { contents, damage, unusable, ...each } of read.documents) {
    findings.push(...each.findings)
    if (unusable) incomplete = true
    else if (contents && !isEmpty(contents)) {
      const root = builder.build(contents)
      if (builder.exhausted) {
        incomplete = true
        break
      }
      const [start, end] = contents.range ?? [0, 0]
      documents.push({ root, place: { source, start, end }, damage })
    }
  }
  return { source, documents, findings, valueFindings: builder.findings, incomplete }
}

function isEmpty(contents: Node): boolean {
  return isScalar(contents) && contents.value === null && contents.source === ''
}
