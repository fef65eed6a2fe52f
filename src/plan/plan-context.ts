import { address, addressOf } from '../model/address.ts'
import { BUILT_IN_EXCHANGES } from '../model/built-in-exchange.ts'
import { type Binding, type Exchange, objectsOf, type Policy, type Topology } from '../model/topology.ts'
import { type Ownership, OwnEntries, type OwnState } from '../broker/records/ownership.ts'
import { BindingSlots } from './order/binding-slots.ts'
import { completedObjects, type Completion } from './steps/completed.ts'
import { deletesItself } from './steps/deletes-itself.ts'
import { type GlobTargets, withoutGlobs } from './globs-in-mode.ts'
import type { PlanMode } from './plan-mode.ts'
import type { FixedKind } from './change.ts'
import type { PlannedTopology } from './planned-topology.ts'
import { TopologyIndex } from './topology-index.ts'
import { vanishingExchanges } from './steps/vanishing-exchanges.ts'
import { type WinnersOfBoth, winnersOf } from '../model/policies/winning-policies.ts'

/** Lookups that the parts of the planner share. */
export class PlanContext {
  readonly live: PlannedTopology
  readonly desired: Topology
  /** The mode with addresses instead of the globs of `--migrate` and `--allow`. */
  readonly mode: PlanMode
  /** The mode with its globs. */
  readonly given: PlanMode
  readonly desiredIndex: TopologyIndex
  readonly liveIndex: TopologyIndex
  /**
   * The virtual hosts of the run: those that the documents name, and those of removed tenants that a prune includes.
   */
  readonly vhosts: ReadonlySet<string>
  /** Absent if the records were not read. */
  readonly ownership?: Ownership
  /** The project's entries in the records of this run's virtual hosts. */
  readonly own?: OwnEntries
  readonly slots: BindingSlots
  #bindings?: ReadonlyMap<string, readonly Binding[]>
  #renamed?: ReadonlyMap<string, string>
  #winners?: WinnersOfBoth
  #completed?: ReadonlyMap<string, Completion>
  #vanishing?: { readonly gone: ReadonlySet<string>; readonly exchanges: ReadonlySet<string> }

  constructor(desired: Topology, live: PlannedTopology, mode: PlanMode) {
    this.live = live
    this.desired = desired
    this.given = mode
    this.desiredIndex = new TopologyIndex(desired)
    this.liveIndex = new TopologyIndex(live.topology)
    this.vhosts = new Set([...desired.vhosts.map(({ name }) => name), ...(live.entered ?? [])])
    this.slots = new BindingSlots({
      desired,
      live: live.topology,
      desiredIndex: this.desiredIndex,
      liveIndex: this.liveIndex,
    })
    if (live.ownership !== undefined && live.ownership !== 'unknown') {
      this.ownership = live.ownership
      this.own = new OwnEntries(live.ownership, this.vhosts)
    }
    this.mode = withoutGlobs(mode, this.globTargets)
  }

  /** The objects that globs in `--migrate` and `--allow` can name. */
  get globTargets(): GlobTargets {
    const { desired, own, renamed } = this
    return {
      desired,
      deletable: new Set([...(own?.addresses() ?? []), ...renamed.keys()]),
      deletesItself: (kind, object) => deletesItself(kind, object, this.winners) !== undefined,
    }
  }

  /** How this project owns an object; undefined if it does not, or if nothing is recorded. */
  stateOf(at: string): OwnState {
    return this.own?.stateOf(at)
  }

  /**
   * The type of a binding's source exchange; undefined if neither the files nor the broker contain it. A vhost that
   * does not exist yet will also have the broker's own exchanges.
   */
  sourceTypeOf({ vhost, source }: Binding): string | undefined {
    const builtIn = BUILT_IN_EXCHANGES.get(source)
    if (builtIn !== undefined) return builtIn.type
    const at = address('exchange', vhost, source)
    const declared = this.desiredIndex.get('exchange', at)
    return (
      declared?.external === true
        ? (this.liveIndex.get('exchange', at) ?? this.#expectedExchange(at))
        : (declared ?? this.liveIndex.get('exchange', at))
    )?.type
  }

  #expectedExchange(at: string): Exchange | undefined {
    const { kind, object } = this.live.declaredByRun?.get(at)?.subject ?? {}
    return kind === 'exchange' ? object : undefined
  }

  /** The default queue type of a vhost; undefined if the broker does not report it. */
  defaultTypeOf(vhost: string): string | undefined {
    const at = address('vhost', vhost)
    return (
      this.desiredIndex.get('vhost', at)?.defaultQueueType ??
      this.liveIndex.get('vhost', at)?.defaultQueueType ??
      this.live.broker.defaultQueueType
    )
  }

  /** Whether a run of this project recorded that it would create an object, and did not confirm it. */
  isIntended(at: string): boolean {
    return [...(this.ownership?.own.values() ?? [])].some(({ intended }) =>
      intended.some(({ addresses }) => addresses.includes(at)),
    )
  }

  /** The other project that owns an object. */
  foreignOwnerOf(at: string): string | undefined {
    return this.ownership?.foreign.get(at)
  }

  /** The new addresses of live queues and exchanges that are renamed, by their old addresses. */
  get renamed(): ReadonlyMap<string, string> {
    return (this.#renamed ??= new Map([...this.#renames('queue'), ...this.#renames('exchange')]))
  }

  #renames(kind: FixedKind): (readonly [string, string])[] {
    return objectsOf(kind, this.desired).flatMap(({ vhost, name, renamedFrom }) => {
      const from = renamedFrom === undefined ? undefined : address(kind, vhost, renamedFrom)
      return from !== undefined && this.liveIndex.has(kind, from) ? [[from, address(kind, vhost, name)] as const] : []
    })
  }

  /** Declared objects that have deleted themselves and are not recreated. */
  get completed(): ReadonlyMap<string, Completion> {
    return (this.#completed ??= completedObjects(this))
  }

  /** The effective policies of a queue, with declared policies replacing live ones. */
  get winners(): WinnersOfBoth {
    const policies = this.policiesAsTheyWillBe('policy')
    const operatorPolicies = this.policiesAsTheyWillBe('operator-policy')
    return (this.#winners ??= winnersOf({ policies, operatorPolicies }, this.live.broker.version))
  }

  /**
   * The effective policies after the plan.
   *
   * @param gone addresses of everything that the plan deletes
   */
  winnersWithout(gone: ReadonlySet<string>): WinnersOfBoth {
    const left = (kind: 'policy' | 'operator-policy') => {
      const all = this.mode.destroy ? objectsOf(kind, this.live.topology) : this.policiesAsTheyWillBe(kind)
      return all.filter((each) => !gone.has(addressOf(kind, each)))
    }
    const [policies, operatorPolicies] = [left('policy'), left('operator-policy')]
    return winnersOf({ policies, operatorPolicies }, this.live.broker.version)
  }

  /** The live policies of a kind, with declared ones replacing those of the same name. */
  policiesAsTheyWillBe(kind: 'policy' | 'operator-policy'): readonly Policy[] {
    const staying = objectsOf(kind, this.live.topology).filter(
      (each) => !this.desiredIndex.has(kind, addressOf(kind, each)),
    )
    return [...staying, ...objectsOf(kind, this.desired)]
  }

  /**
   * The auto-delete exchanges that are deleted with their last binding.
   *
   * @param gone addresses of all objects that the plan deletes
   */
  vanishing(gone: ReadonlySet<string>): ReadonlySet<string> {
    if (this.#vanishing?.gone !== gone) {
      const exchanges = vanishingExchanges(this.live.topology, gone, this.mode.destroy ? [] : this.desired.bindings)
      this.#vanishing = { gone, exchanges }
    }
    return this.#vanishing.exchanges
  }

  /** The live bindings from and to a queue or an exchange, by its address, without those to the default exchange. */
  bindingsOf(at: string): readonly Binding[] {
    this.#bindings ??= byEnd(this.live.topology.bindings)
    return this.#bindings.get(at) ?? []
  }
}

function byEnd(bindings: readonly Binding[]): ReadonlyMap<string, readonly Binding[]> {
  const ends = new Map<string, Binding[]>()
  const add = (end: string, binding: Binding) => {
    const there = ends.get(end)
    if (there) there.push(binding)
    else ends.set(end, [binding])
  }
  for (const binding of bindings) {
    const source = address('exchange', binding.vhost, binding.source)
    const destination = address(binding.destinationType, binding.vhost, binding.destination)
    add(source, binding)
    // An exchange may be bound to itself.
    if (destination !== source) add(destination, binding)
  }
  return ends
}
