import { DEFAULT_MODE, type MaxDeletes, type PlanMode } from '../../plan/plan-mode.ts'

/** What a plan may do beside creating and updating. Addresses are written as `kind:vhost/name`, as plans print them. */
export interface ModeOptions {
  /** Delete what the project owns and no longer declares, in the virtual hosts of the files. Default false. */
  readonly prune?: boolean
  /** Change existing objects that have no owner. Default false: they block the plan. */
  readonly adopt?: boolean
  /** Queues and exchanges that may be deleted and recreated, with the messages of a queue. */
  readonly allowReplace?: readonly string[]
  /** Objects that may be deleted though messages, consumers, or bindings of others go with them, or though they were adopted. */
  readonly allowDelete?: readonly string[]
  /** Objects to be created again though they have deleted themselves: a one-off shovel, a queue that expired. */
  readonly allowCreate?: readonly string[]
  /** Queues to be replaced without losing a message. */
  readonly migrate?: readonly string[]
  /** Exchanges and bindings to bind again, where the broker may have lost how they route: a damaged hash ring. */
  readonly rebind?: readonly string[]
  /** How many deletes a plan may have. Default: 30 percent, once ten objects are owned. */
  readonly maxDeletes?: MaxDeletes
  /** Globs over addresses that the plan is narrowed to; `*` stands for any text. */
  readonly targets?: readonly string[]
  /** Globs over addresses that the plan leaves out. */
  readonly excludes?: readonly string[]
}

/** @param destroy whether everything that the project owns is to go */
export function modeOf(options: ModeOptions, destroy = false): PlanMode {
  return {
    prune: !destroy && options.prune === true,
    destroy,
    adopt: options.adopt === true,
    allowReplace: new Set(options.allowReplace),
    allowDelete: new Set(options.allowDelete),
    allowCreate: new Set(options.allowCreate),
    migrate: new Set(options.migrate),
    rebind: new Set(options.rebind),
    maxDeletes: options.maxDeletes ?? DEFAULT_MODE.maxDeletes,
    targets: options.targets ?? [],
    excludes: options.excludes ?? [],
  }
}
