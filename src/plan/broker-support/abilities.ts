/** What a broker can hold, as far as it tells. */
export interface Abilities {
  readonly version: string
  /** Empty when it does not tell. */
  readonly exchangeTypes: readonly string[]
  readonly forbidsOperatorPolicies: boolean
  /** Deprecated features that it denies; empty when it does not tell. */
  readonly deniedFeatures: readonly string[]
  /** Whether it deletes the topic permissions on an exchange with the exchange; absent when it does not tell. */
  readonly deletesTopicPermissions?: boolean
  /** The plugins and other applications that its nodes run; absent when it does not tell. */
  readonly plugins?: readonly string[]
}

/** What the connected broker cannot hold. */
export type Unsupported =
  | { readonly kind: 'exchange-type'; readonly type: string; readonly offered: readonly string[] }
  | { readonly kind: 'apply-to'; readonly applyTo: string; readonly since: string }
  | { readonly kind: 'operator-policies-forbidden' }
  | { readonly kind: 'user-protected' }
  | { readonly kind: 'plugin-missing'; readonly component: string; readonly plugin: string }
  | { readonly kind: 'default-queue-type-fixed'; readonly since: string }
  | {
      readonly kind: 'argument-refused'
      readonly argument: string
      /** The type of the queue; absent where the queue leaves it to the vhost. */
      readonly type?: string
      /** The value as JSON, and what this version expects instead; absent where the type does not take the argument. */
      readonly value?: string
      readonly expected?: string
      /** The argument that is missing. */
      readonly needs?: string
    }
  | {
      readonly kind: 'parameter-refused'
      readonly component: string
      /** The key whose presence or value the broker refuses; absent where it is the whole value. */
      readonly key?: string
      /** The first version that takes the key; absent where none of the known ones does, or its value is the problem. */
      readonly since?: string
      /** What this version expects of the value. */
      readonly expected?: string
      /** The key that is missing. */
      readonly needs?: string
      /** What the key cannot be combined with. */
      readonly excludes?: string
    }
  | { readonly kind: 'argument-new'; readonly argument: string; readonly since: string }
  | { readonly kind: 'feature-denied'; readonly feature: string; readonly needs: string }
  | { readonly kind: 'policy-value-refused'; readonly key: string; readonly value: string; readonly expected: string }
  | { readonly kind: 'policy-key-unknown'; readonly key: string; readonly since: string }
  | { readonly kind: 'policy-key-of-plugin'; readonly key: string; readonly plugin: string }
  /** `since`: from which version on operator policies may have it; absent when none does. */
  | { readonly kind: 'no-operator-policy-key'; readonly key: string; readonly since?: string }
  | { readonly kind: 'policy-key-removed'; readonly key: string; readonly since: string }
  | {
      readonly kind: 'stream-name-too-long'
      /** Of the names of vhost and stream together. */
      readonly length: number
      readonly unit: 'characters' | 'bytes'
      readonly limit: number
    }
  | {
      readonly kind: 'routing-key-refused'
      readonly routingKey: string
      /** What of the key the broker limits, and how much of it the key may have. */
      readonly limits: 'weight' | 'wildcards'
      readonly limit: number
    }
  | { readonly kind: 'expression-too-long'; readonly property: string; readonly bytes: number; readonly limit: number }
