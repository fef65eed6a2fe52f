/** The abilities of a broker, as far as it reports them. */
export interface Abilities {
  readonly version: string
  /** Empty if the broker does not report them. */
  readonly exchangeTypes: readonly string[]
  readonly forbidsOperatorPolicies: boolean
  /** The type of queues in new vhosts that do not choose one; absent if unknown. */
  readonly defaultQueueType?: string
  /** Deprecated features that it denies; empty if the broker does not report them. */
  readonly deniedFeatures: readonly string[]
  /** Whether it deletes the topic permissions on an exchange together with the exchange; absent if unknown. */
  readonly deletesTopicPermissions?: boolean
  /** The plugins and other applications that its nodes run; absent if unknown. */
  readonly plugins?: readonly string[]
  /** The explicitly enabled plugins; absent if unknown. */
  readonly enabledPlugins?: readonly string[]
}

/** A part of a change that the connected broker does not support. */
export type Unsupported =
  | { readonly kind: 'exchange-type'; readonly type: string; readonly offered: readonly string[] }
  | { readonly kind: 'apply-to'; readonly applyTo: string; readonly since: string }
  | { readonly kind: 'operator-policies-forbidden' }
  | { readonly kind: 'user-protected' }
  | { readonly kind: 'plugin-missing'; readonly component: string; readonly plugin: string }
  /** No enabled plugin of the broker provides the component. */
  | { readonly kind: 'component-unknown'; readonly component: string }
  | { readonly kind: 'default-queue-type-fixed'; readonly since: string }
  | {
      readonly kind: 'argument-refused'
      readonly argument: string
      /** The type of the queue; absent if it is the default type of the vhost. */
      readonly type?: string
      /** The value as JSON, and the value that this version expects; absent if the type does not have the argument. */
      readonly value?: string
      readonly expected?: string
      /** The argument that is missing. */
      readonly needs?: string
    }
  | {
      readonly kind: 'parameter-refused'
      readonly component: string
      /** The key whose presence or value the broker refuses; absent if it refuses the whole value. */
      readonly key?: string
      /** The first version with the key; absent if no known version has it, or if its value is the problem. */
      readonly since?: string
      /** The value that this version expects. */
      readonly expected?: string
      /** The key that is missing. */
      readonly needs?: string
      /** The key that excludes it. */
      readonly excludes?: string
    }
  | { readonly kind: 'argument-new'; readonly argument: string; readonly since: string }
  | { readonly kind: 'feature-denied'; readonly feature: string; readonly needs: string }
  | { readonly kind: 'policy-value-refused'; readonly key: string; readonly value: string; readonly expected: string }
  | { readonly kind: 'policy-key-unknown'; readonly key: string; readonly since: string }
  | { readonly kind: 'policy-key-of-plugin'; readonly key: string; readonly plugin: string }
  /** `since`: the first version in which operator policies may have it; absent if there is none. */
  | { readonly kind: 'no-operator-policy-key'; readonly key: string; readonly since?: string }
  | { readonly kind: 'policy-key-removed'; readonly key: string; readonly since: string }
  | {
      readonly kind: 'stream-name-too-long'
      /** The length of the names of vhost and stream together. */
      readonly length: number
      readonly unit: 'characters' | 'bytes'
      readonly limit: number
    }
  | {
      readonly kind: 'routing-key-refused'
      readonly routingKey: string
      /** The limited part of the key, and the maximum. */
      readonly limits: 'weight' | 'wildcards'
      readonly limit: number
    }
  | { readonly kind: 'expression-too-long'; readonly property: string; readonly bytes: number; readonly limit: number }
