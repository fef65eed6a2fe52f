import { address, addressOf } from '../../model/address.ts'
import type { Binding, Topology } from '../../model/topology.ts'

/**
 * Finds auto-delete exchanges that the broker deletes because all bindings from them are deleted: declared deletes,
 * bindings of deleted queues and exchanges, and bindings to auto-delete exchanges that are deleted in the same way. An
 * exchange that never had a binding is kept.
 *
 * @param gone addresses of everything that the plan deletes
 * @param arriving bindings that are created before anything is deleted
 */
export function vanishingExchanges(
  { exchanges, bindings }: Pick<Topology, 'exchanges' | 'bindings'>,
  gone: ReadonlySet<string>,
  arriving: readonly Binding[] = [],
): ReadonlySet<string> {
  const left = new Map(
    exchanges
      .filter(({ autoDelete }) => autoDelete)
      .map((each) => [addressOf('exchange', each), [] as Binding[]] as const)
      .filter(([at]) => !gone.has(at)),
  )
  if (left.size === 0) return new Set()
  for (const binding of [...bindings, ...arriving]) left.get(sourceOf(binding))?.push(binding)
  const vanishing = new Set<string>()
  const isGone = (binding: Binding) => {
    const destination = address(binding.destinationType, binding.vhost, binding.destination)
    return [addressOf('binding', binding), destination].some((at) => gone.has(at) || vanishing.has(at))
  }
  for (let before = -1; before < vanishing.size;) {
    before = vanishing.size
    for (const [at, own] of left) if (own.length > 0 && own.every(isGone)) vanishing.add(at)
  }
  return vanishing
}

function sourceOf({ vhost, source }: Binding): string {
  return address('exchange', vhost, source)
}
