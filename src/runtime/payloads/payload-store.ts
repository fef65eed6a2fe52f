/**
 * Keeps what is too large for a queue: a "claim check". The message then holds a reference only. Of object storage these
 * are two functions around its client.
 *
 * Nothing is deleted by the runtime, since other queues may have the same message, and a dead letter may be replayed much
 * later: let the storage expire what is older than any message gets.
 */
export interface PayloadStore {
  /** Keeps a payload, and resolves with a text of at most 1,000 bytes by which `get` finds it. */
  put(payload: Buffer, about: PayloadFacts): Promise<string>
  /** Resolves with the payload; rejects where it is not there, which is a failed try at the message. */
  get(reference: string, options: { readonly signal: AbortSignal }): Promise<Uint8Array>
}

/** What a store may want to write beside a payload. */
export interface PayloadFacts {
  readonly publication: string
  readonly messageId: string
  readonly contentType: string | undefined
}

/** Where large payloads are kept, and from which size on. */
export interface PayloadOptions {
  readonly store: PayloadStore
  /** The largest body that goes over the broker, in bytes. Default 1 MiB; never more than the publication's `maxBytes`. */
  readonly above?: number
}
