import { address, addressOf } from '../../model/address.ts'
import type { Binding, Topology } from '../../model/topology.ts'

/**
 * The auto-delete exchanges that the broker deletes since all bindings from them go: those that are deleted, those of queues
 * and exchanges that are deleted, and those to auto-delete exchanges that go in this way themselves. One that nothing was ever
 * bound to stays.
 *
 * @param gone addresses of all that is deleted
 * @param arriving bindings that are made before anything is deleted
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
