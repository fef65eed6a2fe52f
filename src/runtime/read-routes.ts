import type { Routes } from '../model/routes.ts'

/** A topology as an object: a compiled one, or one that the library has loaded. Only its routes matter here. */
export interface RoutesSource {
  readonly routes: Routes
}

/** Paths of YAML files and folders, the path of one compiled file (`*.json`), or the topology itself. */
export type TopologySource = string | readonly string[] | RoutesSource

type Environment = Readonly<Record<string, string | undefined>>

/** Reads the routes of a topology. */
export async function readRoutes(topology: TopologySource, _environment: Environment): Promise<Routes> {
  if (typeof topology === 'object' && 'routes' in topology) return topology.routes
  throw new Error('files: to come')
}
