import type { Binding, Exchange, Queue, Topology } from '../../../src/model/topology.ts'
import { topology } from '../objects.ts'

/** The declarations of a program in one virtual host. */
export interface Declarations {
  readonly exchanges: readonly Exchange[]
  readonly queues: readonly Queue[]
  readonly bindings: readonly Binding[]
}

/** The topology of a virtual host in which these programs run. */
export function declaredBy(...programs: readonly Declarations[]): Topology {
  return topology({
    exchanges: programs.flatMap(({ exchanges }) => exchanges),
    queues: programs.flatMap(({ queues }) => queues),
    bindings: programs.flatMap(({ bindings }) => bindings),
  })
}
