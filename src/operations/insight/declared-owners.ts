import { InvalidInputError } from '../../diagnostics/warren-error.ts'
import { loadTopology } from '../../desired/load/load-topology.ts'
import type { DeclaredOwners } from '../../insight/survey/coverage.ts'
import { COVERED_KINDS, type CoveredKind } from '../../insight/survey/surveyed-object.ts'
import { addressOf } from '../../model/address.ts'
import { objectsOf } from '../../model/topology.ts'
import type { TopologyOptions } from '../session/options.ts'

/**
 * Reads which objects topology files declare, and the label `owner` of each. Users and their passwords are not needed.
 *
 * @param projects the files of each project
 * @throws {InvalidInputError} when the files are invalid
 */
export async function declaredOwners(projects: readonly TopologyOptions[]): Promise<DeclaredOwners> {
  const owners = new Map<string, string | undefined>()
  for (const options of projects) {
    const loaded = await loadTopology({ ...options, environment: options.environment ?? {}, users: 'ignore' })
    const { desired, findings, sources } = loaded
    if (desired === undefined) throw new InvalidInputError(findings, sources)
    const { topology, descriptions } = desired
    const addKind = <K extends CoveredKind>(kind: K): void => {
      for (const each of objectsOf(kind, topology)) {
        if (each.external !== true) owners.set(addressOf(kind, each), descriptions?.of(each).labels?.['owner'])
      }
    }
    for (const kind of COVERED_KINDS) addKind(kind)
  }
  return owners
}
