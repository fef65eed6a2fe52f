import type { Queue } from '../../../model/topology.ts'

/** What an object that a queue asks for has in common with it: whoever owns and protects the queue means both. */
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
