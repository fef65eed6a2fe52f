import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import { loadTopology } from '../../desired/load/load-topology.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import type { OtherProject } from '../../insight/lint/lint-context.ts'
import { RULES } from '../../insight/lint/all-rules.ts'
import type { LintFinding, LintResult } from '../../insight/lint/lint.ts'
import { lintTopology } from '../../insight/lint/lint.ts'
import { type LintSettings, NO_SETTINGS } from '../../insight/lint/lint-settings.ts'
import { certainFindings } from '../../insight/survey/lint-counts.ts'
import type { Desired } from '../../model/desired.ts'
import { NEWEST_VERSION } from '../../model/broker-version.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { type SourceOptions, takeSnapshot } from './take-snapshot.ts'

export type { LintFinding } from '../../insight/lint/lint.ts'
export type { Fix, FixEdit, LintSeverity, RuleOptions, Violation } from '../../insight/lint/rule.ts'
export type { AcceptedFindings, LintSettings, RuleSetting } from '../../insight/lint/lint-settings.ts'

/** How rules judge. */
export interface LintRunOptions {
  /** Severities, options and accepted findings. Default: those of the rules. */
  readonly settings?: LintSettings
  /**
   * The broker version that the rules assume. Default: the version of the broker or of its definitions, or the newest
   * that the rules know.
   */
  readonly brokerVersion?: string
}

/** The subject of lint: topology files, a live broker, or exported definitions. */
export type LintOptions = (TopologyOptions | SourceOptions) & LintRunOptions

/** The results of the rules. */
export interface Linted {
  /** By place, then by address and rule. */
  readonly findings: readonly LintFinding[]
  /** The number of findings that comments and settings accept. */
  readonly ignored: number
  /** Warnings about the files that no rule reports. */
  readonly warnings: readonly Finding[]
  /** The broker version that the rules assumed. */
  readonly version: string
  /** The vhosts of a broker or of definitions without findings, because their objects could not all be read. Default: none. */
  readonly unread?: readonly string[]
  /** Absent unless files were linted. */
  readonly project?: string
  /** The texts of the files by their shown path. */
  readonly sources: ReadonlyMap<string, string>
}

/**
 * Checks a topology by rules. It only reads.
 *
 * @throws {InvalidInputError} when the files are invalid, or the definitions file is not usable
 */
export async function lint(options: LintOptions): Promise<Linted> {
  return withMaskedResult(options, async ({ settings = NO_SETTINGS, brokerVersion, ...own }) => {
    if ('paths' in own) return lintFiles(own, settings, brokerVersion ?? NEWEST_VERSION)
    const judged = lintSnapshot(await takeSnapshot(own), settings, brokerVersion)
    return { ...judged, warnings: [], sources: new Map<string, string>() }
  })
}

/**
 * Lints the objects of a broker or of its definitions. A vhost whose objects could not all be read has no findings, because
 * they would be wrong, such as a queue without bindings.
 *
 * @param brokerVersion the version whose rules apply. Default: that of the broker, else the newest that the rules know
 */
export function lintSnapshot(
  { live, source, vhosts, unknown }: Pick<Snapshot, 'live' | 'source' | 'vhosts' | 'unknown'>,
  settings: LintSettings,
  brokerVersion?: string,
): LintResult & Pick<Linted, 'version' | 'unread'> {
  const read = source.kind === 'broker' ? source.broker.version : source.version
  const version = brokerVersion ?? (read === '' ? NEWEST_VERSION : read)
  const { findings: all, ignored } = lintTopology({ topology: live.topology, version }, settings)
  const names = vhosts.map(({ name }) => name)
  const { findings, unread } = certainFindings(all, names, unknown)
  return { findings, ignored, version, ...(unread.length > 0 && { unread }) }
}

/** Loaded files, as input for rules. */
export interface LoadedFiles extends Pick<Linted, 'sources'> {
  readonly desired: Desired
  readonly findings: readonly Finding[]
}

async function lintFiles(options: TopologyOptions, settings: LintSettings, version: string): Promise<Linted> {
  const { desired, findings: warnings, sources } = await loadTopology({ environment: {}, ...options })
  if (desired === undefined) throw new InvalidInputError(warnings, sources)
  return {
    ...lintDesired({ desired, findings: warnings, sources }, settings, version),
    project: desired.project,
    sources,
  }
}

/**
 * Judges loaded files.
 *
 * @param loaded their topology, and the warnings about them
 * @param others the other projects of the run. Default: none
 */
export function lintDesired(
  { desired, findings: warnings, sources }: LoadedFiles,
  settings: LintSettings,
  version: string,
  others: readonly OtherProject[] = [],
): LintResult & Pick<Linted, 'warnings' | 'version'> {
  const { project, topology, routes, descriptions } = desired
  const input = { topology, routes, version, project, warnings, others, ...(descriptions && { descriptions }) }
  const covered = new Set(RULES.flatMap(({ adopts = [] }) => adopts))
  return {
    ...lintTopology(input, settings, sources),
    warnings: warnings.filter(({ code }) => !covered.has(code)),
    version,
  }
}
