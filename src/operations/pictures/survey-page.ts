import type { TopologyPage } from '../../insight/page/topology-page.ts'
import { vhostsOfSnapshot } from '../insight/read-routed-vhosts.ts'
import { readSurvey, type SurveyOptions } from '../insight/survey.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { graphOfVhosts, ownersOnBroker } from './graph.ts'
import { pageOf, subjectOf } from './graph-page.ts'

/** A page with the figures of a survey. */
export type SurveyPage = TopologyPage & Required<Pick<TopologyPage, 'survey'>>

/**
 * Collects the content of a page about a broker or exported definitions, with the figures of a survey. Writes nothing.
 *
 * @throws the errors of `survey`
 */
export async function surveyPage(options: SurveyOptions): Promise<SurveyPage> {
  return withMaskedResult(options, async (own) => {
    const { survey, snapshot, findings, declared } = await readSurvey(own)
    const vhosts = vhostsOfSnapshot(snapshot)
    const labels = Array.from(declared ?? []).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const ownerById = new Map([...ownersOnBroker(snapshot), ...labels])
    const graph = graphOfVhosts(vhosts, { ownerById, snapshot })
    return { ...pageOf({ graph, vhosts }, { subject: subjectOf({ snapshot }), findings }), survey }
  })
}
