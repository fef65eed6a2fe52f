import type { TopologyPage } from '../../insight/page/topology-page.ts'
import { routedVhosts } from '../../insight/routing/routed-vhost.ts'
import type { Routes } from '../../model/routes.ts'
import { readSurvey, type SurveyOptions } from '../insight/survey.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { graphOfVhosts, ownersOnBroker } from './graph.ts'
import { pageOf } from './graph-page.ts'

const NO_ROUTES: Routes = { publications: [], subscriptions: [] }

/** A page with the figures of a survey. */
export type SurveyPage = TopologyPage & Required<Pick<TopologyPage, 'survey'>>

/**
 * Collects what a page shows of a broker or of exported definitions, with the figures of a survey. Writes nothing.
 *
 * @throws the errors of `survey`
 */
export async function surveyPage(options: SurveyOptions): Promise<SurveyPage> {
  return withMaskedResult(options, async (own) => {
    const { survey, snapshot, findings, declared } = await readSurvey(own)
    const { live, unknown, source } = snapshot
    const usersKnown = !unknown.some(({ what }) => what === 'users' || what === 'permissions')
    const vhosts = routedVhosts(live.topology, NO_ROUTES, { version: live.broker.version, usersKnown })
    const labels = Array.from(declared ?? []).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const ownerById = new Map([...ownersOnBroker(snapshot), ...labels])
    const graph = graphOfVhosts(vhosts, { ownerById, snapshot })
    const subject = source.kind === 'broker' ? source.broker.name : source.path
    return { ...pageOf({ graph, vhosts }, { subject, findings }), survey }
  })
}
