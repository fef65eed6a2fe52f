import { secretsOf } from '../../model/secrets/mask-credentials.ts'
import { objectsOf, type Topology } from '../../model/topology.ts'
import type { LeftOut } from '../export/export-input.ts'
import { definable } from './definable.ts'
import { definitionsSections, type DefinitionsSections } from './definitions-sections.ts'

/** Options for a definitions file. */
export interface DefinitionsChoices {
  /** Whether users and their rights are left out. Default false. */
  readonly withoutUsers?: boolean
  /** Makes the salt of a hash: four bytes. */
  readonly salt: () => Uint8Array
}

/** A topology as the broker's own definitions. */
export interface Definitions {
  readonly sections: DefinitionsSections
  /** The objects that the definitions do not contain, with the reasons. */
  readonly leftOut: readonly LeftOut[]
  /** Whether they contain password hashes, or URIs with credentials. */
  readonly containsSecrets: boolean
  /** Names of users without a password. If a broker already has one of these users, the import removes its password. */
  readonly withoutPassword: readonly string[]
}

/**
 * Turns a declared topology into definitions that a broker can load when it boots. A broker does not boot if
 * definitions refer to missing objects, so objects that would do so are left out too.
 */
export function definitionsOf(topology: Topology, { withoutUsers = false, salt }: DefinitionsChoices): Definitions {
  const { kept, leftOut } = definable(withoutUsers ? withoutIdentities(topology) : topology)
  const parameters = [...objectsOf('parameter', kept), ...objectsOf('global-parameter', kept)]
  return {
    sections: definitionsSections(kept, { withoutUsers, salt }),
    leftOut,
    containsSecrets:
      kept.users.some(({ credential }) => holdsHash(credential)) ||
      parameters.some(({ value }) => secretsOf(value).length > 0),
    withoutPassword: kept.users.filter(({ credential }) => !holdsHash(credential)).map(({ name }) => name),
  }
}

function holdsHash(credential: Topology['users'][number]['credential']): boolean {
  if (credential === undefined) return false
  return credential.kind === 'password' || (credential.hash?.reveal() ?? '') !== ''
}

function withoutIdentities(topology: Topology): Topology {
  return { ...topology, users: [], permissions: [], topicPermissions: [] }
}
