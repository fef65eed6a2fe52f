/**
 * Stores payloads that are too large for a queue; the message then holds only a reference (the "claim check"
 * pattern). For object storage, implement two functions around its client.
 *
 * The runtime never deletes payloads, because other queues may contain the same message, and a dead letter may be
 * replayed much later. Let the storage expire payloads that are older than any message.
 */
export interface PayloadStore {
  /** Stores a payload, and resolves with a reference for `get`: a string of at most 1,000 bytes. */
  put(payload: Buffer, about: PayloadFacts): Promise<string>
  /** Resolves with the payload. Rejects if it is missing, which is a failed attempt at the message. */
  get(reference: string, options: { readonly signal: AbortSignal }): Promise<Uint8Array>
}

/** The facts about a payload that a store may save. */
export interface PayloadFacts {
  readonly publication: string
  readonly messageId: string
  readonly contentType: string | undefined
}

/** The store for large payloads, and the size from which it is used. */
export interface PayloadOptions {
  readonly store: PayloadStore
  /** The largest body that is sent through the broker, in bytes. Default 1 MiB; never more than the publication's `maxBytes`. */
  readonly above?: number
}
