/** The options of a plan: what it changes and what is allowed. Addresses have the form `kind:vhost/name`. */
export interface PlanMode {
  /** Whether objects that the project owns and no longer declares are deleted. */
  readonly prune: boolean
  /** Whether everything that the project owns in the declared vhosts is deleted, declared or not. */
  readonly destroy: boolean
  /** Whether existing objects without an owner are changed. */
  readonly adopt: boolean
  /** Addresses or globs of objects that may be deleted and recreated, with the messages of a queue. */
  readonly allowReplace: ReadonlySet<string>
  /** Addresses or globs of objects that may be deleted although messages, consumers or bindings are lost. */
  readonly allowDelete: ReadonlySet<string>
  /** Addresses or globs of objects that have deleted themselves and are to be recreated. */
  readonly allowCreate: ReadonlySet<string>
  /** Addresses or globs of queues to be replaced without losing a message. */
  readonly migrate: ReadonlySet<string>
  /** Whether queues that cannot be migrated are left out, instead of blocking the plan. Default false. */
  readonly skipUnsuitable?: boolean
  /** Addresses of exchanges and bindings to bind again, because the broker may have lost their routing. */
  readonly rebind: ReadonlySet<string>
  /** The maximum number of deletes in a plan, as a number or as a share of the owned objects. */
  readonly maxDeletes: MaxDeletes
  /** Globs over addresses that the plan is limited to; all if empty. */
  readonly targets: readonly string[]
  /** Globs over addresses that the plan leaves out. */
  readonly excludes: readonly string[]
}

export type MaxDeletes =
  | { readonly count: number }
  /** Applies if the project owns at least `from` objects. */
  | { readonly percent: number; readonly from: number }

/** The options with which a plan was made. */
export interface PlannedMode {
  /** Whether objects that the project owns and no longer declares are deleted. */
  readonly prune: boolean
  /** Whether everything that the project owns in the declared vhosts is deleted. */
  readonly destroy: boolean
  /** Whether existing objects without an owner are changed. */
  readonly adopt: boolean
  /** Globs over the addresses that the plan is limited to; empty: all. With these or `excludes`, the plan is partial. */
  readonly targets: readonly string[]
  /** Globs over the addresses that the plan leaves out. */
  readonly excludes: readonly string[]
  /** Addresses whose steps are approved although they may cause losses, sorted. */
  readonly allowDelete: readonly string[]
  readonly allowReplace: readonly string[]
  /** Addresses of objects that have deleted themselves and are recreated, sorted; absent if there are none. */
  readonly allowCreate?: readonly string[]
  /** Addresses of queues that are replaced with their messages, sorted. */
  readonly migrate: readonly string[]
  /** Addresses of exchanges and bindings that are bound again, sorted. */
  readonly rebind: readonly string[]
  readonly maxDeletes: MaxDeletes
}

/** A mode in the form in which a plan stores it. */
export function plannedMode(mode: PlanMode): PlannedMode {
  return {
    prune: mode.prune,
    destroy: mode.destroy,
    adopt: mode.adopt,
    targets: mode.targets,
    excludes: mode.excludes,
    allowDelete: [...mode.allowDelete].toSorted(),
    allowReplace: [...mode.allowReplace].toSorted(),
    ...(mode.allowCreate.size > 0 && { allowCreate: [...mode.allowCreate].toSorted() }),
    migrate: [...mode.migrate].toSorted(),
    rebind: [...mode.rebind].toSorted(),
    maxDeletes: mode.maxDeletes,
  }
}

/** The mode of a plan. */
export function modeOfPlan({ mode }: { readonly mode: PlannedMode }): PlanMode {
  return {
    ...mode,
    allowDelete: new Set(mode.allowDelete),
    allowReplace: new Set(mode.allowReplace),
    allowCreate: new Set(mode.allowCreate),
    migrate: new Set(mode.migrate),
    rebind: new Set(mode.rebind),
  }
}

/** Creates and updates, and deletes nothing. */
export const DEFAULT_MODE: PlanMode = {
  prune: false,
  destroy: false,
  adopt: false,
  allowReplace: new Set(),
  allowDelete: new Set(),
  allowCreate: new Set(),
  migrate: new Set(),
  rebind: new Set(),
  maxDeletes: { percent: 30, from: 10 },
  targets: [],
  excludes: [],
}
