import type { Queue } from '../../../model/topology.ts'

/** The properties that a derived object inherits from its queue. */
export function inherited({ external, protect }: Queue): { readonly external?: true; readonly protect?: true } {
  return { ...(external && { external: true }), ...(protect && { protect: true }) }
}

/** The former name of a derived object, if its queue is renamed. */
export function renamedWith(
  { renamedFrom }: Queue,
  derive: (name: string) => string,
): { readonly renamedFrom?: string } {
  return renamedFrom === undefined ? {} : { renamedFrom: derive(renamedFrom) }
}
