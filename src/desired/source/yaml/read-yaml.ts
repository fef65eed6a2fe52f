import { isCollection, isScalar, parseAllDocuments, visit, type Node, type YAMLError, type Document } from 'yaml'
import { finding, type Finding } from '../../../diagnostics/findings/finding.ts'
import { explainComment, explainYaml } from './explain-yaml.ts'
import type { SourceText } from '../source-text.ts'
import { MAXIMUM_DEPTH } from '../tree.ts'

/** A part of a file in which an error may hide or cause other errors. */
export interface Damage {
  /** Findings from here to `to` may be consequences of the mistake. */
  readonly from: number
  readonly to: number
  /** In containers that begin after this offset, missing keys may be a consequence. */
  readonly incompleteFrom: number
  /** Whether the mistake leaves the structure of the document intact. */
  readonly contained: boolean
}

/** One document of a YAML file, with its syntax errors. */
export interface YamlDocument {
  /** Null if the document is empty. */
  readonly contents: Node | null
  readonly findings: readonly Finding[]
  readonly damage: readonly Damage[]
  /** Whether the document is unusable. */
  readonly unusable: boolean
}

// A string with more mistakes is probably not YAML, and the explanation of each one reads the whole text.
const MOST_PROBLEMS = 100

// After these errors, the reader continues correctly on the next line.
const LOCAL = new Set([
  'BAD_SCALAR_START',
  'BAD_DQ_ESCAPE',
  'BAD_ALIAS',
  'ALIAS_PROPS',
  'TAG_RESOLVE_FAILED',
  'MULTIPLE_ANCHORS',
  'MULTIPLE_TAGS',
])

/**
 * Reads the documents of a YAML file, without the reader's check for duplicate keys, which takes quadratic time, and
 * without its merge keys, which lose positions.
 */
export function readYaml(source: SourceText): { documents: YamlDocument[]; findings: Finding[] } {
  const documents = parseAllDocuments(source.text, {
    version: '1.2',
    uniqueKeys: false,
    merge: false,
    prettyErrors: false,
    logLevel: 'silent',
  })
  if ('empty' in documents) {
    return { documents: [], findings: documents.errors.map((each) => syntaxFinding(each, undefined, source)) }
  }
  return { documents: documents.map((each) => readDocument(each, source)), findings: [] }
}

function readDocument(document: Document.Parsed, source: SourceText): YamlDocument {
  const { contents } = document
  // Unknown tags are reported together with unsupported ones, when the values are read.
  const warnings = document.warnings.filter(
    ({ code, message }) => code !== 'BAD_COLLECTION_TYPE' && !message.startsWith('Unresolved tag'),
  )
  const problems = [...document.errors, ...warnings].toSorted((a, b) => a.pos[0] - b.pos[0])
  if (problems.some((each) => each.code === 'RESOURCE_EXHAUSTION')) {
    return { contents, findings: [exhaustionFinding(problems, source)], damage: [], unusable: true }
  }
  const findings: Finding[] = []
  const damage: Damage[] = []
  const version = document.directives?.yaml
  if (version?.explicit && version.version !== '1.2') {
    const at = source.text.indexOf('%YAML')
    findings.push(finding('yaml-version', { version: version.version }, source.locate(at, source.lineEnd(at))))
  }
  const lines = new Set<number>()
  for (const problem of problems) {
    const lost = problem.message.includes('in YAML stream')
    // The first document is about what comes before; the second, about a line of directives, is reported with that
    // line.
    if (lines.size > 0 && (lost || problem.message.includes('directives-end'))) continue
    if (lines.size >= MOST_PROBLEMS) {
      damage.push({
        from: problem.pos[0],
        to: endOfDocument(source.text, problem.pos[0]),
        incompleteFrom: 0,
        contained: false,
      })
      break
    }
    const unclosed =
      !lost && /closing|end with a/.test(problem.message) ? unclosedAt(problem.pos[0], contents) : undefined
    const found = syntaxFinding(problem, unclosed, source)
    damage.push(damageOf(problem, unclosed, lost, source))
    // A second error on the same line is almost always a consequence of the first.
    const line = found.location?.line ?? 0
    if (!lines.has(line)) findings.push(found)
    lines.add(line)
  }
  return { contents, findings, damage, unusable: false }
}

/** The cause of endless nesting: brackets that only open, or another repeated error. */
function exhaustionFinding(problems: readonly YAMLError[], source: SourceText): Finding {
  const other = problems.find(({ code }) => !['RESOURCE_EXHAUSTION', 'BAD_INDENT', 'MISSING_CHAR'].includes(code))
  if (other) return syntaxFinding(other, undefined, source)
  const at = problems[0]?.pos[0] ?? 0
  return finding('nested-too-deep', { limit: MAXIMUM_DEPTH }, source.locate(at, at + 1))
}

/** An unclosed bracket, brace or quote. */
interface Unclosed {
  readonly node: Node
  readonly start: number
}

function syntaxFinding(problem: YAMLError, unclosed: Unclosed | undefined, source: SourceText): Finding {
  const [start] = problem.pos
  const explanation = explainYaml(problem.message)
  if (unclosed) {
    const comment = isCollection(unclosed.node) && / #/.test(source.text.slice(unclosed.start, start))
    return finding(
      'yaml-syntax',
      comment ? explainComment(explanation.problem) : explanation,
      source.locate(unclosed.start, unclosed.start + 1),
    )
  }
  // At the end of the text, the last line with content is a better position than an empty line after it.
  let at = start < source.text.length ? start : Math.max(0, source.text.trimEnd().length - 1)
  while (source.text[at] === ' ') at++
  return finding('yaml-syntax', explanation, source.locate(at, at + 1))
}

/** The innermost bracket, brace or quote that is still open at `end`, where the reader noticed it. */
function unclosedAt(end: number, contents: Node | null): Unclosed | undefined {
  let found: Unclosed | undefined
  if (!contents) return undefined
  visit(contents, {
    Node(_key, node) {
      const range = node.range
      const delimited = isScalar(node) ? node.type?.startsWith('QUOTE') : isCollection(node) && node.flow
      if (delimited && range?.[1] === end && (!found || range[0] > found.start)) found = { node, start: range[0] }
    },
  })
  return found
}

function damageOf(problem: YAMLError, unclosed: Unclosed | undefined, lost: boolean, source: SourceText): Damage {
  const { text } = source
  const [at] = problem.pos
  const from = source.lineStart(unclosed?.start ?? at)
  const contained = LOCAL.has(problem.code)
  if (contained) return { from, to: source.lineEnd(at), incompleteFrom: from, contained }
  if (problem.code === 'TAB_AS_INDENT') {
    // Indented text below it may have been read as a part of the previous line.
    const before = source.lineStart(text.slice(0, from).trimEnd().length)
    return { from, to: source.lineEnd(at), incompleteFrom: before, contained }
  }
  const incompleteFrom = startOfTopLevel(source, from)
  if (lost) return { from, to: endOfDocument(text, at), incompleteFrom, contained }
  // The reader recovers at the next key without indentation.
  const topLevel = /\n(?![\s#}\]])/g
  topLevel.lastIndex = unclosed ? at - 1 : source.lineEnd(at)
  return { from, to: topLevel.exec(text)?.index ?? text.length, incompleteFrom, contained }
}

function endOfDocument(text: string, offset: number): number {
  const next = text.indexOf('\n---', offset)
  return next < 0 ? text.length : next
}

/** The start of the last line without indentation at or before `offset`. */
function startOfTopLevel(source: SourceText, offset: number): number {
  let start = offset
  while (start > 0 && /[\s#}\]]/.test(source.text[start] ?? ' ')) start = source.lineStart(start - 1)
  return start
}
