import type { Location } from '../../diagnostics/location.ts'
import type { ArgumentValue } from '../../model/arguments.ts'
import type { Description, Descriptions } from '../../model/descriptions.ts'
import type { HandOver } from '../../model/desired.ts'
import type { BodyEncoding } from '../../model/routes.ts'
import type { Secret } from '../../model/secrets/secret.ts'

/**
 * The declarations of the files, after reading, resolving references, checking the schema, applying overlays and
 * merging the documents of each vhost. They still use the terms of the file format (docs/reference/topology-format.md).
 *
 * Every section and every table in it is an object without a prototype, so a name like `__proto__` has no special
 * meaning.
 */
export interface Declaration {
  readonly project: string
  /** The objects that the project takes over from others; absent if no header requests this. */
  readonly handOver?: HandOver
  /** Descriptions and labels of the declarations; absent if there are none. */
  readonly descriptions?: Descriptions
  /** One per vhost, in the order in which they first appear. */
  readonly vhosts: readonly VhostDeclaration[]
  /** The position of a key in a table, of an item in a list, or, without a key, of the table or list itself. */
  readonly locate: Locate
  /** Texts from `${file:}` outside of passwords, which are never shown. */
  readonly secrets: readonly Secret[]
  /** The original text of an entry, before its references were resolved; absent for references that use a default. */
  readonly written: Written
  /** All texts in which references were resolved, except for passwords. */
  readonly references: readonly ReferencedText[]
}

export type Written = (container: object, key: string | number) => WrittenText | undefined

/** The original text in a file, without the defaults of its references. */
export interface WrittenText {
  readonly reference: string
  readonly location: Location
}

/** The text that references were resolved to. */
export interface ReferencedText extends WrittenText {
  readonly text: string
  /** Whether a part of it came from `${file:}`. */
  readonly fromFile: boolean
}

/** `part` chooses the position of the key (default) or of its value. */
export type Locate = (container: object, key?: string | number, part?: 'key' | 'value') => Location

/** All documents of one vhost, merged. */
export interface VhostDeclaration {
  /** After references and `--vhost FROM=TO`. */
  readonly name: string
  /** The first position that names the vhost. */
  readonly origin: Location
  /** The long form, which makes the project the owner of the vhost. */
  readonly claim?: VhostSection
  readonly exchanges: Section<ExchangeSection>
  readonly queues: Section<QueueSection>
  readonly bindings: readonly BindingSection[]
  readonly users: Section<UserSection>
  readonly publications: Section<PublicationSection>
  readonly requests: Section<RequestSection>
  readonly subscriptions: Section<SubscriptionSection>
  readonly policies: Section<PolicySection>
  readonly operatorPolicies: Section<PolicySection>
  /** By component, then by name. */
  readonly parameters: Section<Section<JsonValue>>
  readonly globalParameters: Section<JsonValue>
  readonly shovels: Section<JsonTable>
  readonly federationUpstreams: Section<JsonTable>
  readonly federationUpstreamSets: Section<readonly JsonTable[]>
  readonly superStreams: Section<SuperStreamSection>
}

/** Declarations by name. A key without a value is an empty declaration. */
export type Section<T> = Readonly<Record<string, T>>

/** `5s`, `250ms`, or milliseconds. */
export type DurationText = string | number
/** `512KiB`, or bytes. */
export type SizeText = string | number
/** `50/s`. */
export type RateText = string

export interface ArgumentsSection {
  readonly [name: string]: ArgumentValue
}

export interface VhostSection extends Pick<Description, 'labels'> {
  readonly name: string
  readonly description?: string
  readonly tags?: readonly string[]
  readonly defaultQueueType?: 'classic' | 'quorum' | 'stream'
  readonly limits?: { readonly maxConnections?: number; readonly maxQueues?: number }
  readonly protect?: boolean
}

export interface ExchangeSection extends Description {
  readonly type?: string
  readonly durable?: boolean
  readonly autoDelete?: boolean
  readonly internal?: boolean
  readonly alternateExchange?: string
  readonly arguments?: ArgumentsSection
  /** With the exchange as the destination. */
  readonly bindings?: readonly IncomingBinding[]
  readonly protect?: boolean
  readonly external?: boolean
  readonly renamedFrom?: string
}

export interface IncomingBindingSection extends Description {
  readonly exchange: string
  readonly routingKey?: string
  readonly arguments?: ArgumentsSection
}

/** An exchange's name is the short form of `{ exchange, routingKey: "" }`. */
export type IncomingBinding = string | IncomingBindingSection

export interface QueueSection extends Description {
  readonly type?: 'classic' | 'quorum' | 'stream'
  readonly durable?: boolean
  readonly autoDelete?: boolean
  readonly messageTtl?: DurationText
  readonly expires?: DurationText
  readonly maxLength?: number
  readonly maxLengthBytes?: SizeText
  readonly overflow?: 'drop-head' | 'reject-publish' | 'reject-publish-dlx'
  readonly singleActiveConsumer?: boolean
  readonly maxPriority?: number
  readonly deliveryLimit?: number
  readonly leaderLocator?: string
  readonly initialGroupSize?: number
  readonly maxAge?: DurationText
  readonly streamMaxSegmentSize?: SizeText
  readonly arguments?: ArgumentsSection
  readonly bindings?: readonly IncomingBinding[]
  readonly retry?: RetrySection
  readonly deadLetter?: boolean | DeadLetterSection
  readonly protect?: boolean
  readonly external?: boolean
  readonly renamedFrom?: string
}

export interface RetrySection {
  readonly mode?: 'ladder' | 'native'
  readonly delays?: readonly (DurationText | { readonly delay: DurationText; readonly queue?: string })[]
  readonly delay?: DurationText
  readonly initial?: DurationText
  readonly factor?: number
  readonly max?: DurationText
  readonly attempts?: number
  readonly via?: { readonly exchange: string; readonly routingKey?: string }
  readonly then?: 'discard'
}

export interface DeadLetterSection {
  readonly exchange?: string
  readonly routingKey?: string
  readonly queue?: string | false
  readonly strategy?: 'at-most-once' | 'at-least-once'
  readonly by?: 'arguments' | 'policy'
  readonly messageTtl?: DurationText
  readonly maxLength?: number
  readonly maxLengthBytes?: SizeText
}

export interface BindingSection extends Description {
  readonly source: string
  readonly destination: { readonly queue: string } | { readonly exchange: string }
  readonly routingKey?: string
  readonly arguments?: ArgumentsSection
}

export interface UserSection extends Description {
  /** As written: only the command that needs the password resolves its references. */
  readonly password?: string
  /** As written. */
  readonly passwordHash?: string
  readonly hashingAlgorithm?: string
  readonly tags?: readonly string[]
  readonly limits?: { readonly maxConnections?: number; readonly maxChannels?: number }
  readonly permissions?: { readonly configure?: string; readonly write?: string; readonly read?: string }
  readonly topicPermissions?: Section<{ readonly write?: string; readonly read?: string }>
  readonly can?: {
    readonly publish?: readonly string[]
    readonly consume?: readonly string[]
    readonly request?: readonly string[]
    readonly respond?: readonly string[]
    readonly declare?: boolean
  }
  readonly protect?: boolean
  readonly external?: boolean
}

/** Of `exchange`, `queue` and `superStream`, one. */
export interface PublicationSection extends Description {
  readonly exchange?: string
  readonly queue?: string
  readonly superStream?: string
  readonly routingKey?: string
  readonly headers?: ArgumentsSection
  readonly persistent?: boolean
  readonly mandatory?: boolean
  readonly confirm?: boolean
  readonly expiration?: DurationText
  readonly delays?: readonly DurationText[]
  readonly priority?: number
  readonly message?: MessageSection
}

/** A publication whose sender waits for a reply. */
export interface RequestSection extends Pick<
  PublicationSection,
  'exchange' | 'queue' | 'routingKey' | 'headers' | 'priority' | 'message' | keyof Description
> {
  readonly reply?: Pick<MessageSection, 'schema' | 'contentType' | 'maxBytes'>
  readonly subscription?: string
  readonly timeout?: DurationText
}

export interface MessageSection {
  /** A path relative to the file that contains it. */
  readonly schema?: string
  readonly contentType?: string
  readonly encoding?: BodyEncoding
  readonly maxBytes?: SizeText
  readonly version?: number
  readonly accepts?: readonly number[]
  readonly schemas?: Readonly<Record<string, string>>
}

/** Of `queue` and `superStream`, one. */
export interface SubscriptionSection extends Description {
  readonly queue?: string
  readonly superStream?: string
  readonly prefetch?: number
  readonly concurrency?: number
  readonly rateLimit?: RateText
  readonly timeout?: DurationText
  readonly idempotencyKey?: string
  readonly message?: MessageSection
  /** `first`, `last`, `next`, a number, or a time. */
  readonly offset?: number | string
  readonly onFailure?: 'requeue' | 'discard' | 'stop'
}

export interface PolicySection extends Description {
  readonly pattern: string
  readonly applyTo?: string
  readonly priority?: number
  readonly definition: ArgumentsSection
  readonly protect?: boolean
}

/** One of both. */
export interface SuperStreamSection extends Description {
  readonly partitions?: number
  readonly bindingKeys?: readonly string[]
}

/** A value that is sent to the broker unchanged. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonTable

export interface JsonTable {
  readonly [key: string]: JsonValue
}
