import type { Location } from '../../diagnostics/location.ts'

/** A string of the config that may contain references, and its position. */
export interface ConfiguredText {
  readonly text: string
  readonly location: Location
}

/** A project of the config. Its paths are relative to the working directory. */
export interface ConfiguredProject {
  readonly name: string
  /** The position of its name. */
  readonly location: Location
  readonly paths: readonly string[]
  /** The names of the environments that it is deployed to; absent if these are all. */
  readonly environments?: readonly string[]
  /** By the name of the environment. */
  readonly overlays: ReadonlyMap<string, readonly string[]>
  readonly variables: ReadonlyMap<string, ReadonlyMap<string, ConfiguredText>>
}

/** The settings of a connection, by their keys in the config. */
export type ConnectionKey = 'url' | 'amqpUrl' | 'user' | 'password' | 'passwordFile' | 'ca' | 'cert' | 'key'

/** An environment of the config. Its paths are as written; in `ResolvedConnection` they are resolved. */
export interface ConfiguredEnvironment {
  readonly name: string
  readonly location: Location
  /** The cluster name that the broker must report. */
  readonly cluster?: string
  readonly connection: Readonly<Partial<Record<ConnectionKey, ConfiguredText>>>
  readonly variables: ReadonlyMap<string, ConfiguredText>
  readonly variableFiles: readonly string[]
  /** From the name in the files to the name on the broker. */
  readonly vhosts: Readonly<Record<string, string>>
  readonly parallelism?: number
  /** A number such as `5`, or a percentage such as `30%`. */
  readonly maxDeletes?: string
  /** Whether apply and destroy require its name as confirmation. */
  readonly confirm: boolean
}

/** The lint settings of the config. */
export interface ConfiguredLint {
  readonly rules: Readonly<Record<string, ConfiguredRule>>
  /** Paths of configs whose settings apply where this one has none. */
  readonly extends: readonly string[]
  readonly ignore: readonly { readonly rule: string; readonly address: string; readonly reason: string }[]
}

/** The severity and the options of a rule of lint. */
export interface ConfiguredRule {
  readonly severity?: 'error' | 'warning' | 'off'
  readonly options: Readonly<Record<string, unknown>>
}

/** The settings of the drift service in the config. Texts are as written. */
export interface ConfiguredDrift {
  readonly interval?: string
  readonly listen?: string
  /** A path, relative to the working directory. */
  readonly state?: string
  /** The vhost whose exchange of events says who changes objects. */
  readonly events?: string
  readonly webhooks: readonly ConfiguredWebhook[]
}

export interface ConfiguredWebhook {
  readonly url: ConfiguredText
  readonly secret?: ConfiguredText
  readonly format?: 'json' | 'slack'
}

/** The content of `warren.config.yaml`. */
export interface WorkspaceConfig {
  /** As shown: relative to the working directory if it was searched for, otherwise as given. */
  readonly path: string
  readonly folder: string
  readonly projects: ReadonlyMap<string, ConfiguredProject>
  readonly environments: ReadonlyMap<string, ConfiguredEnvironment>
  readonly defaultEnvironment?: string
  readonly lint?: ConfiguredLint
  readonly drift?: ConfiguredDrift
}
