import { finding, hasErrors, type Finding } from '../../diagnostics/findings/finding.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFile } from '../../files/read-regular-file.ts'
import { withoutConsequences } from '../declaration/consequences.ts'
import { ReferenceResolver } from '../declaration/references/reference-resolver.ts'
import { schemaFindings } from '../declaration/schema/schema-findings.ts'
import { decodeUtf8 } from '../source/decode-utf8.ts'
import { locationOf, Places } from '../source/places.ts'
import type { SourceFile } from '../source/source-file.ts'
import { SourceText } from '../source/source-text.ts'
import { isTable } from '../source/tree.ts'
import { parseDocuments } from '../source/yaml/parse-documents.ts'
import type { DeclaredTest } from './declared-test.ts'
import { TestReader } from './test-reader.ts'
import { testsValidator } from './tests-validator.ts'

/** The tests of a file, or the findings about it. */
export interface ReadTests {
  readonly tests: readonly DeclaredTest[]
  readonly findings: readonly Finding[]
  /** Its text; absent if it cannot be read. */
  readonly text?: string
}

/** Reads a test file, and reports all findings together, each with its position. */
export async function readTests(path: string): Promise<ReadTests> {
  try {
    const { text, invalidAt } = decodeUtf8(await readRegularFile(path, 'document'))
    if (invalidAt === undefined) return { ...parseTests({ path, text }), text }
    const location = new SourceText({ path, text }).locate(invalidAt, invalidAt + 1)
    return { tests: [], findings: [finding('file-not-utf8', { path }, location)], text }
  } catch (error) {
    return { tests: [], findings: [finding('file-unreadable', { path, reason: describeFileError(error) })] }
  }
}

/** Reads the text of a test file. */
export function parseTests(file: SourceFile): ReadTests {
  const places = new Places()
  const parsed = parseDocuments(file, places)
  const reported: Finding[] = []
  const report = (found: Finding): void => void reported.push(found)
  const [document, ...others] = parsed.documents
  let tests: readonly DeclaredTest[] = []
  if (document === undefined || others.length > 0 || !isTable(document.root)) {
    const at = others[0]?.place ?? document?.place ?? { source: parsed.source, start: 0, end: 1 }
    report(finding('tests-without-document', { path: file.path }, locationOf(at)))
  } else {
    const { root } = document
    const validate = testsValidator()
    if (validate(root)) tests = new TestReader(places, report).read(root)
    else {
      const references = new ReferenceResolver({ environment: {}, variables: {} }, places, report)
      for (const found of schemaFindings(validate.errors ?? [], root, { places, report, references })) report(found)
    }
  }
  const findings = withoutConsequences(reported, [parsed])
  return { tests: hasErrors(findings) ? [] : tests, findings }
}
