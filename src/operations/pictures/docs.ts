import type { TopologyDocs } from '../../insight/docs/documented.ts'
import { topologyDocs } from '../../insight/docs/topology-docs.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withMaskedResult } from '../session/with-secrets.ts'
import { readRoutedVhosts } from '../insight/read-routed-vhosts.ts'
import { declaredOwners } from './graph.ts'

/**
 * Collects the contents of a reference of topology files: queues, exchanges, routes and messages, by owner. Needs no
 * broker.
 *
 * @throws {InvalidInputError} when the files are invalid
 */
export async function docs(options: TopologyOptions): Promise<TopologyDocs> {
  return withMaskedResult(options, async (files) => {
    const { vhosts, desired } = await readRoutedVhosts({ files, secrets: files.secrets })
    const owners = new Map(declaredOwners(desired))
    return topologyDocs(desired ?? { project: '' }, vhosts, owners)
  })
}
