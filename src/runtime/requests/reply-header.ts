/**
 * Marks the reply to a request that failed; its value is the reason, and the body is empty. It does not have the
 * prefix `x-warren-`, because responders in other languages set it.
 */
export const ERROR_HEADER = 'reply-error'

/** In characters. A responder may write any text, but only the beginning of a longer one would help. */
export const LONGEST_REASON = 100_000

/** The pseudo-queue of direct reply-to: the broker replaces it with an address for this channel. */
export const REPLY_TO = 'amq.rabbitmq.reply-to'
