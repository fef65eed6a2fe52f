/** An effect of an upgrade on a feature in use. */
export type UpgradeEffect =
  /** The new version refuses it; an import answers with success, and leaves it out. */
  | 'refused'
  /** Messages are lost, or are no longer replicated. */
  | 'lost'
  /** It works differently. */
  | 'changed'
  /** It has no effect any more. */
  | 'ignored'

/** The id of a feature; docs/reference/upgrade-changes.md has a section for each. */
export type UpgradeFeature =
  | 'mirroring'
  | 'master-locator'
  | 'lazy-queues'
  | 'classic-storage'
  | 'in-memory-limits'
  | 'transient-queues'
  | 'delivery-limit'
  | 'queue-arguments'
  | 'policy-keys'
  | 'parameters'
  | 'long-expressions'
  | 'binding-keys'
  | 'dead-letter-cycle-by-version'
  | 'small-frames'
  | 'global-qos'
  | 'frameworks'
  | 'feature-flags'
  | 'other-plugins'

/** All features, in the order of their sections. */
export const UPGRADE_FEATURES = Object.keys({
  mirroring: true,
  'master-locator': true,
  'lazy-queues': true,
  'classic-storage': true,
  'in-memory-limits': true,
  'transient-queues': true,
  'delivery-limit': true,
  'queue-arguments': true,
  'policy-keys': true,
  parameters: true,
  'long-expressions': true,
  'binding-keys': true,
  'dead-letter-cycle-by-version': true,
  'small-frames': true,
  'global-qos': true,
  frameworks: true,
  'feature-flags': true,
  'other-plugins': true,
} satisfies Record<UpgradeFeature, true>)

/** The order in which issues are fixed: objects on the old broker, then programs, then what each upgrade needs. */
export type UpgradeStage = 'objects' | 'programs' | 'broker'

/** A feature in use that an upgrade changes. */
export interface UpgradeIssue {
  readonly feature: UpgradeFeature
  readonly effect: UpgradeEffect
  /** The first series of the path with this effect. */
  readonly since: string
  readonly stage: UpgradeStage
  /** Whether it may remain; the exit code ignores it. */
  readonly optional?: true
  /** The address of the object. */
  readonly address?: string
  /** The client, plugin or feature flag. */
  readonly subject?: string
  readonly message: string
  readonly advice: string
  /** Shell commands that fix it without files. */
  readonly commands: readonly string[]
  /** What to change in the declaration of the object. */
  readonly edit?: string
  /** The option with which an apply may make this change. */
  readonly decision?: string
}
