import { address, addressOf } from '../../model/address.ts'
import { type SlotBinding, slotOf, type SlotRule, slotRuleOf } from '../../model/binding-slot.ts'
import type { Binding, Exchange, Topology } from '../../model/topology.ts'
import { groupByKey } from '../../model/values/group-by-key.ts'
import type { TopologyIndex } from '../topology-index.ts'

interface Both {
  readonly desired: Topology
  readonly live: Topology
  readonly desiredIndex: TopologyIndex
  readonly liveIndex: TopologyIndex
}

/** Finds the bindings that share a slot of their exchange; the broker routes by only one of them. */
export class BindingSlots {
  readonly #both: Both
  #live?: ReadonlyMap<string, readonly SlotBinding[]>
  #desired?: ReadonlyMap<string, readonly SlotBinding[]>

  constructor(both: Both) {
    this.#both = both
  }

  /** The slot rule of a binding's source exchange after the plan; undefined if it has none. */
  ruleOf({ vhost, source }: Binding): SlotRule | undefined {
    const { desiredIndex, liveIndex } = this.#both
    const at = address('exchange', vhost, source)
    const declared = desiredIndex.get('exchange', at)
    const known: Exchange | undefined = declared?.external === true ? undefined : declared
    const exchange = known ?? liveIndex.get('exchange', at) ?? declared
    return exchange && slotRuleOf(exchange)
  }

  /** The live bindings in a slot. */
  liveIn(rule: SlotRule, binding: Binding): readonly Binding[] {
    this.#live ??= this.#bySlot(this.#both.live.bindings)
    return (this.#live.get(slotOf(rule, binding)) ?? []).map((each) => each.binding)
  }

  /** Another declared binding in the same slot. */
  otherDeclared(rule: SlotRule, binding: Binding): Binding | undefined {
    const at = addressOf('binding', binding)
    const declared = this.#declared.get(slotOf(rule, binding)) ?? []
    return declared.find((each) => addressOf('binding', each.binding) !== at)?.binding
  }

  /** The declared bindings from or to a queue or an exchange that occupy a slot. */
  declaredOf(at: string): readonly SlotBinding[] {
    return [...this.#declared.values()].flat().filter(({ binding }) => {
      const { vhost, source, destinationType, destination } = binding
      return address('exchange', vhost, source) === at || address(destinationType, vhost, destination) === at
    })
  }

  /** Whether a declared binding occupies the slot of a live one. */
  isDeclared(binding: Binding): boolean {
    const rule = this.ruleOf(binding)
    return rule !== undefined && this.#declared.has(slotOf(rule, binding))
  }

  get #declared(): ReadonlyMap<string, readonly SlotBinding[]> {
    return (this.#desired ??= this.#bySlot(this.#both.desired.bindings))
  }

  #bySlot(bindings: readonly Binding[]): ReadonlyMap<string, readonly SlotBinding[]> {
    const inSlots = bindings.flatMap((binding) => {
      const rule = this.ruleOf(binding)
      return rule === undefined ? [] : [{ rule, binding }]
    })
    return groupByKey(inSlots, ({ rule, binding }) => slotOf(rule, binding))
  }
}
