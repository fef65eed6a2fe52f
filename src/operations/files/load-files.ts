import { type Loaded, type LoadOptions, loadTopology } from '../../desired/load/load-topology.ts'
import type { Finding } from '../../diagnostics/findings/finding.ts'
import type { OtherProject } from '../../insight/lint/lint-context.ts'
import type { TopologyOptions } from '../session/options.ts'

/** Loaded files, with the warnings that the lint settings leave. */
export interface LoadedFiles extends Loaded {
  /** All errors and warnings, for lint, which filters them itself. */
  readonly unjudged: readonly Finding[]
}

/** The options for loading, and the settings for warnings. */
export type LoadFilesOptions = Omit<LoadOptions, 'environment'> & Pick<TopologyOptions, 'environment' | 'rules'>

/**
 * Reads topology files. As in lint, comments in the files and the settings of rules filter the warnings.
 *
 * @param others the other projects of the run, which share virtual hosts with the files
 */
export async function loadFiles(
  { rules, environment = {}, ...options }: LoadFilesOptions,
  others: readonly OtherProject[] = [],
): Promise<LoadedFiles> {
  const loaded = await loadTopology({ ...options, environment })
  return { ...loaded, findings: await judged(loaded, rules, others), unjudged: loaded.findings }
}

/** Filters the warnings about files; see `judgeWarnings`. */
export async function judged(
  loaded: Pick<Loaded, 'desired' | 'findings' | 'sources'>,
  rules: TopologyOptions['rules'],
  others: readonly OtherProject[],
): Promise<readonly Finding[]> {
  if (loaded.findings.length === 0) return loaded.findings
  // The rules take time to load, and few files have warnings.
  const { judgeWarnings } = await import('../../insight/lint/judge-warnings.ts')
  return judgeWarnings(loaded, { ...(rules && { settings: rules }), others })
}
