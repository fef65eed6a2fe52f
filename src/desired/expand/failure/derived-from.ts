import type { Queue } from '../../../model/topology.ts'

/** The properties that a derived object inherits from its queue. */
export function inherited({ external, protect }: Queue): { readonly external?: true; readonly protect?: true } {
  return { ...(external && { external: true }), ...(protect && { protect: true }) }
}

/** The name that a derived object had while its queue had another. */
export function renamedWith(
  { renamedFrom }: Queue,
  derive: (name: string) => string,
): { readonly renamedFrom?: string } {
  return renamedFrom === undefined ? {} : { renamedFrom: derive(renamedFrom) }
}
