import { type Publisher, readPublishers } from '../../broker/snapshot/publishers.ts'
import { readSnapshot } from '../../broker/snapshot/read-snapshot.ts'
import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { topologyKeyOrder } from '../../desired/declaration/schema/key-order.ts'
import { writeYaml } from '../../desired/source/yaml/write-yaml.ts'
import { explainFinding } from '../../diagnostics/findings/finding.ts'
import { countOf } from '../../diagnostics/text/count-of.ts'
import { withCommas } from '../../diagnostics/text/with-commas.ts'
import type { Topology } from '../../model/topology.ts'
import { maskData } from '../../model/secrets/mask-data.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { ReferencedSecret } from '../../insight/export/documents/secret-references.ts'
import type { ExportChoices, ExportInput, LeftOut, SplitRule } from '../../insight/export/export-input.ts'
import { exportReport } from '../../insight/export/export-report.ts'
import { type Exported, exportTopology } from '../../insight/export/export-topology.ts'
import { configText, secretsExample } from '../../insight/export/other-files.ts'
import { suspiciousIn } from '../../insight/export/suspicious.ts'
import { withSecrets } from '../session/with-secrets.ts'
import {
  inputOf,
  momentaryLines,
  publisherLines,
  publishersUnknown,
  sourceWords,
  unknownLines,
  untouchableIn,
} from './export-facts.ts'
import { type SourceOptions, takeSnapshot, withClient } from './take-snapshot.ts'
import { IndexedSnapshot, type Refused, verifyProject, type VerifiedProject } from './verify-export.ts'

export { revealedVariables } from '../../insight/export/other-files.ts'
export type { ReferencedSecret } from '../../insight/export/documents/secret-references.ts'
export type { ExportChoices, LeftOut, SplitRule } from '../../insight/export/export-input.ts'

/** The source and the layout of an export. */
export type ExportOptions = SourceOptions & ExportChoices

/** A broker as topology files. They have not been written. */
export interface ExportedFiles {
  /** Topologies, sorted by path. */
  readonly topologies: readonly ExportedFile[]
  /** `warren.config.yaml`, `EXPORT.md`, and `secrets.env.example` if there are secrets. */
  readonly others: readonly ExportedFile[]
  /** The projects of the files, sorted. */
  readonly projects: readonly string[]
  /** The objects that no file declares, with the reasons. */
  readonly leftOut: readonly LeftOut[]
  /** Rules that match the name of no queue and no exchange. */
  readonly unmatchedRules: readonly SplitRule[]
  /** The references to password hashes; empty unless requested. */
  readonly hashes: readonly ReferencedSecret[]
  readonly verification: ExportVerification
}

/** A file with its path relative to the folder of the export, with slashes. */
export interface ExportedFile {
  readonly path: string
  readonly text: string
}

/** The plan of all files against the source, computed in memory. */
export interface ExportVerification {
  /** Differences and problems, one line each; empty if all plans are empty. */
  readonly differences: readonly string[]
  /** The number of objects that an apply would adopt. */
  readonly adopts: number
}

/**
 * Turns an existing broker, or a definitions file, into topology files whose plan is empty. It only reads.
 *
 * @throws {InvalidInputError} when the file is not a definitions file
 */
export async function exportFiles(options: ExportOptions): Promise<ExportedFiles> {
  return withSecrets(options, async ({ secrets, ...rest }) => {
    const source = { ...rest, secrets } as SourceOptions & { readonly secrets: SecretRegistry }
    return withoutSecrets(await exportSource(source, rest), secrets)
  })
}

async function exportSource(
  source: SourceOptions & { readonly secrets: SecretRegistry },
  choices: ExportChoices,
): Promise<ExportedFiles> {
  if ('from' in source || choices.inferRoutes !== true) return exportSnapshot(await takeSnapshot(source), choices)
  const { snapshot, publishers } = await withClient(source, async (client) => {
    const read = await readSnapshot(client, { ...(source.onlyVhosts && { vhosts: source.onlyVhosts }) })
    return { snapshot: read, publishers: await readPublishers(client, read) }
  })
  return exportSnapshot(snapshot, choices, { leftOut: [], referred: new Map(), ...(publishers && { publishers }) })
}

/**
 * Masks the parts of an export for people: the report, and the reasons for omitted objects, which may quote a value.
 * The other files contain references in place of secrets, and must not change.
 */
export function withoutSecrets(exported: ExportedFiles, secrets: SecretRegistry): ExportedFiles {
  const { leftOut, verification, others } = exported
  return {
    ...exported,
    ...maskData({ leftOut, verification }, secrets),
    others: others.map((file) => (file.path === REPORT_FILE ? { ...file, text: secrets.mask(file.text) } : file)),
  }
}

const REPORT_FILE = 'EXPORT.md'

/** Facts about a source in addition to its snapshot. */
export interface KnownOfSource {
  /** Parts of the source that are not in the snapshot, with the reasons. */
  readonly leftOut: readonly LeftOut[]
  /** Exchanges that the source uses without declaring them, by address, with the reason. */
  readonly referred: ReadonlyMap<string, string>
  /** The users that publish now. Default: unknown. */
  readonly publishers?: readonly Publisher[]
}

/**
 * Turns a snapshot into files and verifies them.
 *
 * @param known default: nothing
 */
export async function exportSnapshot(
  snapshot: Snapshot,
  choices: ExportChoices,
  known: KnownOfSource = { leftOut: [], referred: new Map() },
): Promise<ExportedFiles> {
  const { referred, publishers } = known
  const input = { ...inputOf(snapshot), referred, ...(publishers && { publishers }) }
  const { exported, topologies, verified } = await untilDeclarable(snapshot, input, choices)
  const verification = verificationOf(exported, verified)
  const projects = new Map<string, string[]>()
  for (const { project, path } of exported.documents) projects.set(project, [...(projects.get(project) ?? []), path])
  const leftOut = [...exported.leftOut, ...untouchableIn(snapshot), ...known.leftOut].toSorted((one, other) =>
    one.address < other.address ? -1 : 1,
  )
  const facts = {
    source: sourceWords(snapshot),
    verification: verificationText(verification),
    unknown: [...unknownLines(snapshot), ...(choices.inferRoutes === true ? publishersUnknown(publishers) : [])],
    suspicious: suspiciousIn(input.topology, input.version),
    momentary: [...momentaryLines(snapshot), ...publisherLines(publishers)],
  }
  const variables = [...exported.secrets]
  return {
    topologies,
    others: [
      { path: REPORT_FILE, text: exportReport({ ...exported, leftOut }, facts) },
      ...(variables.length === 0 ? [] : [{ path: 'secrets.env.example', text: secretsExample(variables) }]),
      { path: 'warren.config.yaml', text: configText(projects) },
    ],
    projects: [...projects.keys()].toSorted(),
    leftOut,
    unmatchedRules: unmatchedIn(choices.rules, input.topology),
    hashes: exported.hashes,
    verification,
  }
}

function unmatchedIn(rules: readonly SplitRule[] = [], { queues, exchanges }: Topology): readonly SplitRule[] {
  return rules.filter(({ pattern }) => ![...queues, ...exchanges].some(({ name }) => pattern.test(name)))
}

/** The result of a verification on one line: `verified: 0 changes, 349 to adopt`. */
export function verificationText({ differences, adopts }: ExportVerification): string {
  return differences.length === 0
    ? `verified: 0 changes, ${withCommas(adopts)} to adopt`
    : `not verified: ${countOf(differences.length, 'difference')}`
}

interface Attempt {
  readonly exported: Exported
  readonly topologies: readonly ExportedFile[]
  readonly verified: readonly VerifiedProject[]
}

/** Each attempt leaves out the objects that the loader refuses, and everything that refers to them. */
const MOST_ATTEMPTS = 50

/**
 * Repeats the export until the loader accepts all files and each short form declares exactly the existing objects. It
 * leaves out objects that the loader refuses, and short forms that the loader refuses or that differ.
 */
async function untilDeclarable(snapshot: Snapshot, input: ExportInput, choices: ExportChoices): Promise<Attempt> {
  const live = new IndexedSnapshot(snapshot)
  const undeclarable = new Map<string, string>()
  const unfolded = new Set<string>()
  for (let attempts = 1; ; attempts++) {
    const attempt = await attemptExport(live, input, choices, { undeclarable, unfolded })
    const refused = attempt.verified.flatMap((each) => each.refused)
    const before = undeclarable.size + unfolded.size
    for (const each of refused) decide(each, attempt.exported, { undeclarable, unfolded })
    const { folded, foldedInto } = attempt.exported
    for (const each of attempt.verified.flatMap(({ changed }) => changed)) {
      const short = foldedInto.get(each) ?? (folded.includes(each) ? each : undefined)
      if (short !== undefined) unfolded.add(short)
    }
    if (undeclarable.size + unfolded.size === before || attempts >= MOST_ATTEMPTS) return attempt
  }
}

function decide(
  { addresses, related, finding }: Refused,
  { folded }: Exported,
  decisions: { readonly undeclarable: Map<string, string>; readonly unfolded: Set<string> },
): void {
  const short = [...addresses, ...related].filter((each) => folded.includes(each) && !decisions.unfolded.has(each))
  for (const each of short) decisions.unfolded.add(each)
  if (short.length > 0) return
  // A queue comes before its bindings, and derived objects come before their queue.
  const { message } = explainFinding(finding)
  for (const each of addresses) decisions.undeclarable.set(each, `files cannot declare it: ${message}`)
}

async function attemptExport(
  live: IndexedSnapshot,
  input: ExportInput,
  choices: ExportChoices,
  decisions: Parameters<typeof exportTopology>[2],
): Promise<Attempt> {
  const exported = exportTopology(input, choices, decisions)
  const order = topologyKeyOrder()
  const topologies = exported.documents.map(({ path, table }) => ({ path, text: writeYaml([table], order) }))
  const environment = Object.fromEntries(
    [...exported.secrets, ...exported.hashes].map(({ name, secret }) => [name, secret.reveal()]),
  )
  const projects = new Map<string, ExportedFile[]>()
  for (const [index, { project }] of exported.documents.entries()) {
    const file = topologies[index]
    if (file) projects.set(project, [...(projects.get(project) ?? []), file])
  }
  const verified: VerifiedProject[] = []
  for (const [project, sources] of projects) verified.push(await verifyProject({ project, sources }, live, environment))
  return { exported, topologies, verified }
}

function verificationOf({ declared }: Exported, verified: readonly VerifiedProject[]): ExportVerification {
  const found = new Set(verified.flatMap((each) => each.declared))
  const isRead = verified.every(({ refused }) => refused.length === 0)
  // A virtual host without settings is not declared, only referred to.
  const lost = isRead ? [...declared].filter((each) => !found.has(each) && !each.startsWith('vhost:')) : []
  const differences = [
    ...verified.flatMap(({ project, refused }) =>
      refused.map(({ finding }) => `${project}: ${explainFinding(finding).message}`),
    ),
    ...verified.flatMap((each) => each.differences.map((difference) => `${each.project}: ${difference}`)),
    ...lost.map((each) => `declared by no file: ${each}`),
  ]
  return { differences, adopts: new Set(verified.flatMap(({ adopts }) => adopts)).size }
}
