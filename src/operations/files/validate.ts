import type { Loaded } from '../../desired/load/load-topology.ts'
import type { TopologyOptions } from '../session/options.ts'
import { withSecrets } from '../session/with-secrets.ts'
import { loadFiles } from './load-files.ts'

/**
 * Checks topology files without a broker. Returns all findings, and the topology if the files are usable. A warning
 * that the config raises to an error does not make them unusable.
 */
export async function validate(options: TopologyOptions): Promise<Loaded> {
  return withSecrets(options, async (own) => {
    const { unjudged: _, ...loaded } = await loadFiles(own)
    return loaded
  })
}
