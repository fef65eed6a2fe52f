import { setTimeout as pause } from 'node:timers/promises'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { readSnapshot, readUse } from '../../broker/snapshot/read-snapshot.ts'
import type { Snapshot } from '../../broker/snapshot/snapshot.ts'
import type { ManagementClient } from '../../broker/management/client.ts'
import { type Evidence, evidenceOf, type UseSeen } from '../../insight/survey/evidence.ts'
import { recognizeFrameworks } from '../../insight/frameworks/recognize-frameworks.ts'
import { type LintSettings, NO_SETTINGS } from '../../insight/lint/lint-settings.ts'
import type { DeclaredOwners } from '../../insight/survey/coverage.ts'
import type { LintFinding } from '../../insight/lint/lint.ts'
import { makeSurvey, type Survey } from '../../insight/survey/survey.ts'
import { readGlob } from '../../model/names/given-address.ts'
import type { SecretRegistry } from '../../model/secrets/secret-registry.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { declaredOwners } from './declared-owners.ts'
import { lintSnapshot } from './lint.ts'
import { type LiveSource, type SourceOptions, takeSnapshot, withClient } from './take-snapshot.ts'

export { reachesCoverage } from '../../insight/survey/coverage.ts'

/** The source and the contents of a survey. */
export type SurveyOptions = SourceOptions & {
  /** The topology files of projects, whose labels `owner` are counted too. Default: none. */
  readonly files?: readonly TopologyOptions[]
  /** Whether to list the objects that no project owns. Default false. */
  readonly unmanaged?: boolean
  /** Globs that narrow this list. Default: all. */
  readonly targets?: readonly string[]
  /** Severities and options of the rules of lint, and accepted findings. Default: those of the rules. */
  readonly lintSettings?: LintSettings
  /** How long to observe the broker for evidence of use, in milliseconds. Default: a single observation. */
  readonly sample?: number
}

/**
 * The maximum time between two observations, in milliseconds. Consumers that appear and disappear in between are not
 * seen.
 */
const LONGEST_PAUSE = 10_000

/**
 * Lists the contents of a broker or of exported definitions: objects, coverage, groups, frameworks, consumers, and
 * what stands out. Writes nothing. Parts that the login may not read are listed as unknown.
 *
 * @throws {WarrenError} `UNKNOWN_NAME` when a vhost does not exist, or the login does not see it
 * @throws {WarrenError} `INVALID_OPTION` when `sample` is used with a definitions file, or a glob is malformed
 * @throws {InvalidInputError} when the definitions file or the topology files are invalid
 */
export async function survey(options: SurveyOptions): Promise<Survey> {
  return withMaskedResult(options, async (own) => (await readSurvey(own)).survey)
}

/** A survey with what it was made of. */
export interface ReadSurvey {
  readonly survey: Survey
  readonly snapshot: Snapshot
  /** The findings that the survey counts. */
  readonly findings: readonly LintFinding[]
  /** The declarations of the given files. */
  readonly declared?: DeclaredOwners
}

/** Makes the survey. The caller masks secrets. */
export async function readSurvey(options: SurveyOptions & { readonly secrets: SecretRegistry }): Promise<ReadSurvey> {
  const { files, sample, unmanaged = false, lintSettings = NO_SETTINGS } = options
  const targets = (options.targets ?? []).map((each) => readGlob('the target', each))
  const declared = files && (await declaredOwners(files))
  const { snapshot, evidence } =
    sample === undefined ? { snapshot: await takeSnapshot(options, unmanaged) } : await watch(options, sample)
  const judged = lintSnapshot(snapshot, lintSettings)
  const made = makeSurvey(snapshot, {
    frameworks: recognizeFrameworks(snapshot.live.topology),
    judged,
    ...(declared && { declared }),
    ...(unmanaged && { unmanaged: targets }),
    ...(evidence && { evidence }),
  })
  return { survey: made, snapshot, findings: judged.findings, ...(declared && { declared }) }
}

type Watched = { readonly snapshot: Snapshot; readonly evidence?: Evidence }

async function watch(source: Parameters<typeof takeSnapshot>[0], window: number): Promise<Watched> {
  if ('from' in source) {
    throw new WarrenError('a definitions file contains no activity, so it cannot be sampled', {
      code: 'INVALID_OPTION',
      hint: 'watch the live broker, or leave out the sample',
    })
  }
  return withClient(source, (client) => watchBroker(client, source, window))
}

async function watchBroker(client: ManagementClient, source: LiveSource, window: number): Promise<Watched> {
  const snapshot = await readSnapshot(client, {
    usage: true,
    ...(source.onlyVhosts && { vhosts: source.onlyVhosts }),
  })
  const begin = performance.now()
  const looks: (readonly UseSeen[])[] = [snapshot.vhosts.map(({ name, ...rest }) => ({ vhost: name, ...rest }))]
  for (;;) {
    const left = window - (performance.now() - begin)
    await pause(Math.max(0, Math.min(left, LONGEST_PAUSE)))
    looks.push(await readUse(client, snapshot))
    const elapsed = performance.now() - begin
    if (elapsed >= window) return { snapshot, evidence: evidenceOf(looks, Math.round(elapsed)) }
  }
}
