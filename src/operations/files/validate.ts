import { type Loaded, loadTopology } from '../../desired/load/load-topology.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'

/** Checks topology files without a broker. Returns all findings, and the topology if there is no error. */
export async function validate(options: TopologyOptions): Promise<Loaded> {
  return withSecrets(options, (own) => loadTopology({ environment: {}, ...own }))
}
