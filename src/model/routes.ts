import type { Location } from '../diagnostics/location.ts'
import type { Arguments } from './arguments.ts'

/** The routes of programs: the declared publications, requests and subscriptions of the vhosts. */
export interface Routes {
  /** Requests are publications with `reply`; no two have the same name in a vhost. */
  readonly publications: readonly Publication[]
  readonly subscriptions: readonly Subscription[]
}

/** An exchange or queue that a program may publish to, with the properties of its messages. */
export interface Publication {
  readonly name: string
  readonly vhost: string
  /** The exchange to publish to; `""` is the default exchange, which uses the name of the queue as the routing key. */
  readonly exchange: string
  /** May contain `{parameter}` parts; each is replaced with one non-empty word without a dot. */
  readonly routingKey: string
  /** The names of the parameters of `routingKey`, in order, each once. */
  readonly parameters: readonly string[]
  /**
   * Makes it a publication to a super stream, whose only parameter is `partitionKey`: the routing key is one of these
   * binding keys of the partitions, in order, chosen by the hash of the parameter.
   */
  readonly partitionKeys?: readonly string[]
  readonly headers: Arguments
  readonly persistent: boolean
  readonly mandatory: boolean
  readonly confirm: boolean
  /** The message's time to live in milliseconds. */
  readonly expiration?: number
  /** The delays that a program may choose for a message, ascending. Absent: none. */
  readonly delays?: readonly PublicationDelay[]
  readonly priority?: number
  readonly message?: MessageRule
  /** Makes it a request: the sender waits for a reply. */
  readonly reply?: ReplyRule
  readonly origin?: Location
}

/** A delay after which the exchange of a publication routes a message. */
export interface PublicationDelay {
  /** In milliseconds. */
  readonly delay: number
  /** The exchange to publish to, in place of that of the publication. */
  readonly exchange: string
  /** The queue in which the message waits. */
  readonly queue: string
}

/** The parameter of a publication to a super stream. Messages with the same value go to the same partition. */
export const PARTITION_KEY = 'partitionKey'

/** The rules for the reply to a request. */
export interface ReplyRule {
  readonly message?: MessageRule
  /** How long the sender waits, in milliseconds. */
  readonly timeout: number
  /** The subscription that the responder consumes; absent if the responder belongs to another project. */
  readonly subscription?: string
}

/** A publication whose sender waits for a reply. */
export type Request = Publication & { readonly reply: ReplyRule }

export function isRequest(publication: Publication): publication is Request {
  return publication.reply !== undefined
}

/** How a route is declared and named in messages. */
export function kindOfRoute(publication: Publication): 'publication' | 'request' {
  return isRequest(publication) ? 'request' : 'publication'
}

/** The rules for the messages of a route. */
export interface MessageRule {
  /** The JSON Schema itself, read from the file that the declaration names. */
  readonly schema?: unknown
  /** Default `application/json`. */
  readonly contentType?: string
  /** How publishers compress bodies, and what consumers decompress. Absent: neither does. */
  readonly encoding?: BodyEncoding
  /** The size of a body before it is compressed. */
  readonly maxBytes?: number
  /** The version of `schema`: publishers send it in the header `message-version`, and handlers get bodies of it. */
  readonly version?: number
  /** The versions that a subscription accepts, ascending. Absent: all, and the header is not read. */
  readonly accepts?: readonly number[]
  /** The JSON Schemas of accepted older versions, by version. Bodies are checked before the upcaster converts them. */
  readonly schemas?: Readonly<Record<string, unknown>>
}

/**
 * The header with the version of a message. It does not have the prefix `x-warren-`, because copies and replays of the
 * message have to keep it.
 */
export const VERSION_HEADER = 'message-version'

/** The version of a message without the header: it comes from a program that is older than the versions. */
export const FIRST_VERSION = 1

/** The accepted versions that are older than the one that the handler gets; each needs an upcaster. */
export function olderVersions({ version, accepts = [] }: MessageRule): readonly number[] {
  return version === undefined ? [] : accepts.filter((each) => each < version)
}

/** How a body is compressed, in the words of the `content-encoding` property (AMQP 0-9-1, basic properties). */
export type BodyEncoding = 'gzip' | 'zstd'

/** A queue or a super stream that a program may consume from, with its settings. */
export interface Subscription {
  readonly name: string
  readonly vhost: string
  /** With `sharing`, the name of the super stream. */
  readonly queue: string
  /** Makes it a subscription to a super stream, whose partitions the running consumers share. */
  readonly sharing?: PartitionSharing
  /** `classic`, `quorum`, `stream`; undefined if the queue is external or has the default type of the vhost. */
  readonly queueType?: string
  /** The maximum number of unacknowledged deliveries of one running subscription. */
  readonly prefetch?: number
  /** The maximum number of concurrent handlers in one running subscription. */
  readonly concurrency?: number
  readonly rateLimit?: Rate
  /** How long one handler may take, in milliseconds. */
  readonly timeout?: number
  /** The path of a property in the message, or `messageId`. */
  readonly idempotencyKey?: string
  readonly message?: MessageRule
  /** Where to start in a stream. */
  readonly offset?: StreamOffset
  /** The handling of failed deliveries. */
  readonly failure: FailureRule
  readonly origin?: Location
}

/**
 * The objects by which running consumers share the partitions of a super stream. All queues except the streams are
 * empty classic queues: only their consumers matter.
 */
export interface PartitionSharing {
  /** In order. */
  readonly partitions: readonly SharedPartition[]
  /** The queue that each running consumer consumes, so that its number of consumers is theirs. */
  readonly workers: string
  /** The queue that those running consumers consume that have too few partitions. */
  readonly waiting: string
}

/** A stream, and the queue whose exclusive consumer may consume it. */
export interface SharedPartition {
  readonly queue: string
  readonly lock: string
}

/** The queues whose messages a subscription receives: its own, or the partitions of its super stream. */
export function consumedQueues({ queue, sharing }: Pick<Subscription, 'queue' | 'sharing'>): readonly string[] {
  return sharing ? sharing.partitions.map((partition) => partition.queue) : [queue]
}

/** The queues by whose consumers the running consumers of a super stream share its partitions; none for a queue. */
export function coordinationQueues({ sharing }: Pick<Subscription, 'sharing'>): readonly string[] {
  return sharing ? [...sharing.partitions.map(({ lock }) => lock), sharing.workers, sharing.waiting] : []
}

/** At most `count` deliveries in `per` milliseconds. */
export interface Rate {
  readonly count: number
  readonly per: number
}

export type StreamOffset =
  | { readonly kind: 'first' | 'last' | 'next' }
  | { readonly kind: 'offset'; readonly offset: number }
  /** Milliseconds since 1970. */
  | { readonly kind: 'time'; readonly time: number }

/** The handling of failed deliveries. */
export type FailureRule =
  /** The queue has `retry` or `deadLetter`. */
  | {
      readonly kind: 'ladder'
      /** The exchange for failed messages: `<queue>.failed`. */
      readonly exchange: string
      /** The steps of the ladder, for the first failure first; equal delays share a queue. Empty without `retry`. */
      readonly delays: readonly RetryDelay[]
      /** The destination of a message that failed for the last time or is invalid; `discard` means `then: discard`. */
      readonly last: { readonly exchange: string; readonly routingKey: string } | 'discard'
      /** The quorum queue's `x-delivery-limit`, if the topology sets one. */
      readonly deliveryLimit?: number
    }
  /**
   * The queue has `retry` with `mode: native`: the broker delays rejected messages, n times `min` after the nth
   * failure.
   */
  | {
      readonly kind: 'native'
      /** `<queue>.failed`. */
      readonly exchange: string
      /** In milliseconds, both. */
      readonly min: number
      readonly max: number
      /** The number of retries. */
      readonly attempts: number
      readonly last: { readonly exchange: string; readonly routingKey: string } | 'discard'
      readonly deliveryLimit?: number
    }
  /** It has neither: `onFailure` decides. */
  | {
      readonly kind: 'onFailure'
      readonly action: 'requeue' | 'discard' | 'stop'
      readonly deliveryLimit?: number
    }

export interface RetryDelay {
  /** In milliseconds; 0 returns the message immediately. */
  readonly delay: number
  /** The key on `<queue>.failed`: `5s`, `30s`, and `back` for a delay of 0. */
  readonly routingKey: string
  /** The queue that holds the message; the queue itself for a delay of 0. */
  readonly queue: string
}
