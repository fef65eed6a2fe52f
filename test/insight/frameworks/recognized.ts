import type { FrameworkRole } from '../../../src/insight/frameworks/framework-object.ts'
import { recognizeFrameworks } from '../../../src/insight/frameworks/recognize-frameworks.ts'
import type { Topology } from '../../../src/model/topology.ts'

/** The exchanges and queues of one role, as `address: framework, kind`, in the order of the topology. */
export function recognized(topology: Topology, role: FrameworkRole): readonly string[] {
  return [...recognizeFrameworks(topology)]
    .filter(([address, object]) => object.role === role && !address.startsWith('binding:'))
    .map(([address, { framework, what }]) => `${address}: ${framework}, ${what}`)
}

/** The addresses of all objects with one role, including bindings. */
export function addressesOf(topology: Topology, role: FrameworkRole): readonly string[] {
  return [...recognizeFrameworks(topology)].filter(([, object]) => object.role === role).map(([address]) => address)
}
