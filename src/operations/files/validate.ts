import type { Loaded } from '../../desired/load/load-topology.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'
import { loadFiles } from './load-files.ts'

/**
 * Checks topology files without a broker. Returns all findings, and the topology if the files are usable: a rule that a
 * config makes an error does not change that.
 */
export async function validate(options: TopologyOptions): Promise<Loaded> {
  return withSecrets(options, async (own) => {
    const { unjudged: _, ...loaded } = await loadFiles(own)
    return loaded
  })
}
