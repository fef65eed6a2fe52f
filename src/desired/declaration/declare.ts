import { finding, type Finding, hasErrors } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import { parseFile } from '../source/parse-file.ts'
import type { ParsedDocument, ParsedFile } from '../source/yaml/parse-documents.ts'
import { locationOf, Places } from '../source/places.ts'
import { readReferencedText, type ReferenceValues } from '../source/references/resolve-reference.ts'
import type { SourceFile } from '../source/source-file.ts'
import { checkSchema } from './schema/check-schema.ts'
import { descriptionsOf } from './describe.ts'
import { withoutConsequences } from './consequences.ts'
import type { Declaration } from './document.ts'
import { handOverOf } from './hand-over.ts'
import { type HeadedDocument, VhostMapping } from './merge/header.ts'
import { mergeDocuments } from './merge/merge-documents.ts'
import { checkUsersAcrossVhosts } from './merge/merge-users.ts'
import { checkNames } from './names.ts'
import { applyOverlay } from './merge/overlay.ts'
import { partialDeclaration, type PartialDeclaration } from './partial.ts'
import { ReferenceResolver } from './references/reference-resolver.ts'
import { resolveReferences } from './references/resolve-references.ts'
import type { Run } from './run.ts'
import { type ShapeInput, Shapes } from './shapes/shapes.ts'
import { sortedFindings } from './sorted-findings.ts'
import { declarationOf } from './to-declaration.ts'
import { writeOut, type WriteOutOptions, type WrittenOut } from './written-out/write-out.ts'
import { isTable, newTable, type Table } from '../source/tree.ts'
import { SECTIONS_OF_NAMES } from './sections.ts'

export interface DeclareInput extends ReferenceValues, Partial<Pick<ShapeInput, 'environmentName' | 'readTemplates'>> {
  /** The topology files, in the order in which they count. */
  readonly sources: readonly SourceFile[]
  /** Merged over the documents of their vhosts, in this order. */
  readonly overlays: readonly SourceFile[]
  /** `--vhost FROM=TO`: renames vhosts of the files. */
  readonly vhosts: Readonly<Record<string, string>>
  /** Further renames, for vhosts that documents name; `vhosts` takes precedence. Default: none. */
  readonly environmentVhosts?: Readonly<Record<string, string>>
  /** The project that the config expects the documents to declare. */
  readonly configured?: ConfiguredName
  /**
   * `check` (default): users are declared, and their references resolved except in `password` and `passwordHash`.
   * `ignore`: for commands that need no users, which are checked without resolving anything and left out.
   */
  readonly users?: 'check' | 'ignore'
  /** The registry for the texts of `${file:}`. */
  readonly secrets?: SecretRegistry
}

/** A project by the name of its key in the config, and the place of the key. */
export interface ConfiguredName {
  readonly name: string
  readonly location: Location
}

export interface Declared {
  /** Absent when one of the findings is an error. */
  readonly declaration?: Declaration
  /**
   * The usable rest of the documents, in which later stages may search for more mistakes, if there is no declaration.
   * Absent if syntax errors are so severe that they would only find consequences.
   */
  readonly partial?: PartialDeclaration
  readonly findings: Finding[]
  /** Writes the documents without shapes and overlays; absent if one of the findings is an error. */
  readonly writeOut?: (options: WriteOutOptions) => WrittenOut
  /** The template files that the documents use. */
  readonly templates: readonly SourceFile[]
}

/**
 * Turns topology files into a declaration: parses, merges the documents of each vhost, applies overlays, resolves
 * references and checks the schema. Findings are collected and sorted by position.
 */
export async function declare(input: DeclareInput): Promise<Declared> {
  const places = new Places()
  const parseAll = (sources: readonly SourceFile[]) => Promise.all(sources.map((source) => parseFile(source, places)))
  const files = await parseAll(input.sources)
  const overlays = await parseAll(input.overlays)
  const parsed = [...files, ...overlays]
  const reported: Finding[] = []
  const report = (found: Finding): void => void reported.push(found)
  const run: Run = { places, report, references: new ReferenceResolver(input, places, report, input.secrets) }

  reportEmpty(files, overlays, run)
  const mapping = new VhostMapping(input.vhosts, input.environmentVhosts)
  const users = input.users ?? 'check'
  const readLines = (path: string, from: string) => readReferencedText(path, from, input.readFile)
  const shapes = new Shapes({ ...input, users, readLines }, run)
  const { documents, empty } = await shapes.documents(documentsOf(files), mapping)
  const patches = await headPatches(documentsOf(overlays), documents, mapping, shapes)
  parsed.push(...shapes.files)
  const headed = [...documents, ...empty, ...patches]
  checkProjects(headed, run)
  if (input.configured) checkConfigured([...documents, ...empty], input.configured, run)
  const project = [...documents, ...empty].find((document) => document.project)?.project?.name ?? ''
  const handOver = handOverOf(
    project,
    headed.map((each) => each.handOver),
    run,
  )
  const complete = !shapes.incomplete && [...files, ...shapes.files].every(({ incomplete }) => !incomplete)
  if (complete) mapping.check(run)

  let trees = mergeDocuments(documents, run)
  for (const patch of patches) trees = applyOverlay(trees, patch, complete, run)
  for (const { root } of trees) {
    fillEmptyDeclarations(root, run)
    if (parsed.some(({ source }) => source.text.includes('${'))) await resolveReferences(root, users, run)
    checkSchema(root, run)
    checkNames(root, run)
  }
  checkUsersAcrossVhosts(trees, run)
  shapes.check(trees)

  const findings = sortedFindings(
    withoutConsequences(reported, parsed),
    parsed.map(({ source }) => source.path),
  )
  const templates = shapes.files.map(({ source: { path, text } }) => ({ path, text }))
  if (!hasErrors(findings)) {
    const descriptions = descriptionsOf(trees, [...documents, ...patches], run)
    const declaration = declarationOf(trees, project, users, run)
    return {
      declaration: { ...declaration, ...(handOver && { handOver }), ...(descriptions && { descriptions }) },
      findings,
      templates,
      writeOut: (options) =>
        writeOut(
          {
            trees,
            project,
            handOver,
            descriptions,
            headers: [...documents, ...patches].map(({ described }) => described),
            run,
          },
          options,
        ),
    }
  }
  const legible =
    complete &&
    parsed.every(
      ({ documents: all, incomplete }) =>
        !incomplete && all.every(({ damage }) => damage.every((each) => each.contained)),
    )
  return legible && trees.length > 0
    ? { partial: partialDeclaration(trees, project, users, run), findings, templates }
    : { findings, templates }
}

function reportEmpty(files: readonly ParsedFile[], overlays: readonly ParsedFile[], run: Run): void {
  if (files.length === 0) run.report(finding('no-document', {}))
  for (const { source, documents, findings, incomplete } of [...files, ...overlays]) {
    if (documents.length > 0 || findings.length > 0 || incomplete) continue
    run.report(finding('file-without-document', { path: source.path }, source.locate(0, 1)))
  }
}

function documentsOf(files: readonly ParsedFile[]): ParsedDocument[] {
  return files.flatMap(({ documents }) => documents)
}

async function headPatches(
  overlays: readonly ParsedDocument[],
  documents: readonly HeadedDocument[],
  mapping: VhostMapping,
  shapes: Shapes,
): Promise<HeadedDocument[]> {
  const [onlyVhost, ...others] = new Set(documents.map(({ vhost }) => vhost))
  const headed: HeadedDocument[] = []
  for (const document of overlays) {
    const header = await shapes.overlay(document, mapping, others.length === 0 ? onlyVhost : undefined)
    if (header) headed.push(header)
  }
  return headed
}

function checkProjects(documents: readonly HeadedDocument[], run: Run): void {
  const [first, ...others] = documents.flatMap(({ project }) => project ?? [])
  for (const { name, place } of others) {
    if (!first || name === first.name) continue
    const related = [{ label: 'the other project', location: locationOf(first.place) }]
    run.report(finding('project-differs', { project: name, first: first.name }, locationOf(place), related))
  }
}

function checkConfigured(
  documents: readonly HeadedDocument[],
  { name: configured, location }: ConfiguredName,
  run: Run,
): void {
  const differing = documents.find(({ project }) => project !== undefined && project.name !== configured)?.project
  if (differing === undefined) return
  const related = [{ label: 'the project in the config', location }]
  const args = { project: differing.name, configured }
  run.report(finding('config-project-differs', args, locationOf(differing.place), related))
}

/** Replaces each missing value of a name with an empty declaration. */
function fillEmptyDeclarations(root: Table, run: Run): void {
  for (const section of SECTIONS_OF_NAMES) {
    const table = root[section]
    if (!isTable(table)) continue
    for (const name of Object.keys(table)) {
      if (table[name] !== null) continue
      const empty = newTable()
      run.places.recordSpots(empty, run.places.spot(table, name)?.key ?? run.places.own(table), new Map())
      table[name] = empty
    }
  }
}
