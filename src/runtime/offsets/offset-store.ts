/**
 * Stores the positions of subscriptions in their streams, beyond the end of a process. The runtime calls it at the
 * start of a subscription, about once a second while it makes progress, and at its end.
 */
export interface OffsetStore {
  /**
   * The offset of the first message that is not handled yet; undefined if nothing is kept.
   *
   * @param name the virtual host, queue and subscription, such as `shop/log/audit`, with other characters escaped as in a URL
   */
  read(name: string): Promise<number | undefined>
  /** Keeps the offset of the first message that is not handled yet, unless a larger one is kept. */
  write(name: string, next: number): Promise<void>
}
