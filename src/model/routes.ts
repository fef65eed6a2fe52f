import type { Location } from '../diagnostics/location.ts'
import type { Arguments } from './arguments.ts'

/** The routes of programs: the declared publications and subscriptions of the vhosts. */
export interface Routes {
  readonly publications: readonly Publication[]
  readonly subscriptions: readonly Subscription[]
}

/** An exchange or queue that a program may publish to, with the properties of its messages. */
export interface Publication {
  readonly name: string
  readonly vhost: string
  /** The exchange to publish to; `""` is the default exchange, which takes the queue's name as the routing key. */
  readonly exchange: string
  /** May hold `{parameter}` parts, each to be filled with one non-empty word without a dot. */
  readonly routingKey: string
  /** The names of the parameters of `routingKey`, in order, each once. */
  readonly parameters: readonly string[]
  readonly headers: Arguments
  readonly persistent: boolean
  readonly mandatory: boolean
  readonly confirm: boolean
  /** The message's time to live in milliseconds. */
  readonly expiration?: number
  readonly priority?: number
  readonly message?: MessageRule
  readonly origin?: Location
}

/** The rules for the messages of a route. */
export interface MessageRule {
  /** The JSON Schema itself, read from the file that the declaration names. */
  readonly schema?: unknown
  /** Default `application/json`. */
  readonly contentType?: string
  readonly maxBytes?: number
}

/** A queue that a program may consume, with its settings. */
export interface Subscription {
  readonly name: string
  readonly vhost: string
  readonly queue: string
  /** `classic`, `quorum`, `stream`; undefined when the queue is external or leaves it to the vhost. */
  readonly queueType?: string
  /** How many unacknowledged deliveries the broker may have outstanding with one running subscription. */
  readonly prefetch?: number
  /** How many handlers may run at once in one running subscription. */
  readonly concurrency?: number
  readonly rateLimit?: Rate
  /** How long one handler may take, in milliseconds. */
  readonly timeout?: number
  /** A property path in the message, or `messageId`. */
  readonly idempotencyKey?: string
  readonly message?: MessageRule
  /** Where to begin in a stream. */
  readonly offset?: StreamOffset
  /** The handling of failed deliveries. */
  readonly failure: FailureRule
  readonly origin?: Location
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
      /** The exchange that takes what failed: `<queue>.failed`. */
      readonly exchange: string
      /** The steps of the ladder, first failure first; equal delays share a queue. Empty without `retry`. */
      readonly delays: readonly RetryDelay[]
      /** Where to what failed for the last time, or is invalid, goes; `discard` is `then: discard`. */
      readonly last: { readonly exchange: string; readonly routingKey: string } | 'discard'
      /** The quorum queue's `x-delivery-limit`, when the topology sets one. */
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
      /** How many retries there are. */
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
  /** In milliseconds; 0 returns the message at once. */
  readonly delay: number
  /** The key on `<queue>.failed`: `5s`, `30s`, and `back` for a delay of 0. */
  readonly routingKey: string
  /** The queue it waits in; the queue itself for a delay of 0. */
  readonly queue: string
}
