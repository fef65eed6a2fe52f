import type { LintFinding } from '../../insight/lint/lint.ts'
import { type LintSettings, NO_SETTINGS } from '../../insight/lint/lint-settings.ts'
import { placeFindings } from '../../insight/page/place-findings.ts'
import { routedTopology } from '../../insight/page/routed-topology.ts'
import type { TopologyPage } from '../../insight/page/topology-page.ts'
import { NEWEST_VERSION } from '../../model/broker-version.ts'
import { lintDesired, lintSnapshot } from '../insight/lint.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { type GraphOptions, type ReadGraph, readGraph } from './graph.ts'

/** The content of a page. */
export interface GraphPageOptions extends GraphOptions {
  /** Severities and options of the rules of lint, and accepted findings. Default: those of the rules. */
  readonly lintSettings?: LintSettings
}

/**
 * Collects the content of a page about topology files, a live broker or a definitions file: the graph, the routes for
 * tracing messages, and the findings of lint. Writes nothing.
 *
 * @throws {InvalidInputError} when the files are invalid
 * @throws {WarrenError} `UNKNOWN_NAME` when a vhost of the filter does not exist
 */
export async function graphPage(options: GraphPageOptions): Promise<TopologyPage> {
  return withMaskedResult(options, async ({ lintSettings = NO_SETTINGS, ...own }) => {
    const read = await readGraph(own)
    return pageOf(read, { subject: subjectOf(read), findings: findingsOf(read, lintSettings) })
  })
}

/** Puts a page together. */
export function pageOf(
  { graph, vhosts }: Pick<ReadGraph, 'graph' | 'vhosts'>,
  { subject, findings }: { readonly subject: string; readonly findings: readonly LintFinding[] },
): TopologyPage {
  // Each vhost lists the positions of its routes; the page itself does without them.
  const routes = {
    publications: vhosts.flatMap((vhost) => vhost.routes.publications),
    subscriptions: vhosts.flatMap((vhost) => vhost.routes.subscriptions),
  }
  const routed = routedTopology(vhosts, vhosts[0]?.model.version ?? NEWEST_VERSION)
  return { subject, graph, routed, findings: placeFindings(findings, graph, { routed, routes }) }
}

function findingsOf(
  { desired, snapshot, findings, sources }: ReadGraph,
  settings: LintSettings,
): readonly LintFinding[] {
  if (desired !== undefined && desired.topology.vhosts.length > 0) {
    const version = snapshot?.live.broker.version ?? NEWEST_VERSION
    return lintDesired({ desired, findings, sources }, settings, version).findings
  }
  return snapshot === undefined ? [] : lintSnapshot(snapshot, settings).findings
}

/** The project, the broker or the file. */
export function subjectOf({ desired, snapshot }: Pick<ReadGraph, 'desired' | 'snapshot'>): string {
  if (desired !== undefined) return desired.project
  if (snapshot?.source.kind === 'broker') return snapshot.source.broker.name
  return snapshot?.source.path ?? 'RabbitMQ'
}
