import { readAddress, readGlob, readGlobOfKind } from '../../model/names/given-address.ts'
import { DEFAULT_MODE, type MaxDeletes, type PlanMode } from '../../plan/plan-mode.ts'

/**
 * The changes that a plan may make in addition to creating and updating. Addresses have the form `kind:vhost/name`,
 * as in plans.
 */
export interface ModeOptions {
  /** Delete objects that the project owns and no longer declares, in the virtual hosts of the files. Default false. */
  readonly prune?: boolean
  /** Change existing objects that have no owner. Default false: they block the plan. */
  readonly adopt?: boolean
  /** Queues and exchanges that may be deleted and recreated, with the messages of a queue; also globs. */
  readonly allowReplace?: readonly string[]
  /**
   * Objects that may be deleted although messages, consumers or foreign bindings are lost, or although they were
   * adopted; also globs.
   */
  readonly allowDelete?: readonly string[]
  /** Objects that are recreated although they have deleted themselves: a one-off shovel, an expired queue; also globs. */
  readonly allowCreate?: readonly string[]
  /** Queues that are replaced without losing a message; also globs. The plan lists the queues that it migrates. */
  readonly migrate?: readonly string[]
  /**
   * Leave out queues that cannot be migrated, with a note for each that names the reason. Default false: they block the
   * plan.
   */
  readonly skipUnsuitable?: boolean
  /** Exchanges and bindings to bind again, because the broker may have lost their routing: a damaged hash ring. */
  readonly rebind?: readonly string[]
  /** The maximum number of deletes in a plan. Default: 30 percent, once ten objects are owned. */
  readonly maxDeletes?: MaxDeletes
  /** Globs that narrow the plan to matching addresses; `*` matches any text. */
  readonly targets?: readonly string[]
  /** Globs over addresses that the plan leaves out. */
  readonly excludes?: readonly string[]
}

/**
 * @param destroy whether to delete everything that the project owns
 * @throws {WarrenError} `INVALID_OPTION` when an address or a glob is malformed
 */
export function modeOf(options: ModeOptions, destroy = false): PlanMode {
  return {
    prune: !destroy && options.prune === true,
    destroy,
    adopt: options.adopt === true,
    allowReplace: addressesOrGlobs('--allow replace=', options.allowReplace),
    allowDelete: addressesOrGlobs('--allow delete=', options.allowDelete),
    allowCreate: addressesOrGlobs('--allow create=', options.allowCreate),
    ...(options.skipUnsuitable === true && { skipUnsuitable: true }),
    migrate: addressesOrGlobs('--migrate', options.migrate),
    rebind: new Set((options.rebind ?? []).map((each) => readAddress('--rebind', each))),
    maxDeletes: options.maxDeletes ?? DEFAULT_MODE.maxDeletes,
    targets: (options.targets ?? []).map((each) => readGlob('--target', each)),
    excludes: (options.excludes ?? []).map((each) => readGlob('--exclude', each)),
  }
}

function addressesOrGlobs(option: string, given: readonly string[] = []): ReadonlySet<string> {
  return new Set(given.map((each) => readGlobOfKind(option, each)))
}
