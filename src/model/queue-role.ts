/** The role of a queue in the failure path of another queue, for delayed publishing, or in a super stream. */
export interface QueueRole {
  readonly kind: 'dead-letter' | 'delay' | 'publication-delay' | 'partition' | 'coordination'
  /** The queue whose failed messages it holds, the exchange that routes its messages later, or the super stream. */
  readonly of: string
}

/** Whether messages wait in a queue until they expire, because `retry` or `delays` derived it. */
export function isDelayQueue({ role }: { readonly role?: QueueRole }): boolean {
  return role?.kind === 'delay' || role?.kind === 'publication-delay'
}
