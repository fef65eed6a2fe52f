import type { StreamOffset } from '../../model/routes.ts'
import type { MessageHeaders } from '../../broker/amqp/messages/warren-headers.ts'

/** The broker's forms of `x-stream-offset`: a word, an offset, or a time in seconds. */
export type OffsetArgument = string | number | { readonly '!': 'timestamp'; readonly value: number }

/**
 * The position of a running subscription in its stream. After a lost connection, it continues with the first message
 * that was not settled. It is kept only while the subscription runs: the program decides where the next run begins.
 */
export class StreamPosition {
  readonly #declared: StreamOffset
  readonly #open = new Set<number>()
  /** The offset after the last received message. */
  #next: number | undefined
  #begun: number | undefined

  constructor(declared: StreamOffset | undefined) {
    this.#declared = declared ?? { kind: 'next' }
  }

  /**
   * The position at which the next session begins. Messages that the previous session left unsettled are delivered
   * again.
   */
  begin(now: number = Date.now()): OffsetArgument {
    const resume = this.settledBelow
    this.#open.clear()
    if (resume !== undefined) {
      this.#next = resume
      return resume
    }
    const { kind } = this.#declared
    if (kind === 'offset') return this.#declared.offset
    if (kind === 'time') return seconds(this.#declared.time)
    if (kind === 'first') return 'first'
    // Before the first message, `next` and `last` would now mean a later position than at the start.
    if (this.#begun !== undefined) return seconds(this.#begun)
    this.#begun = now
    return kind
  }

  /** Begins at an offset that an earlier run has kept, whatever is declared. */
  resumeAt(offset: number): void {
    this.#next = offset
  }

  /** The offset of the first message that is not settled; undefined before the first message. */
  get settledBelow(): number | undefined {
    return this.#open.size > 0 ? Math.min(...this.#open) : this.#next
  }

  received(headers: MessageHeaders | undefined): void {
    const offset = streamOffset(headers) ?? 0
    this.#open.add(offset)
    this.#next = offset + 1
  }

  settled(headers: MessageHeaders | undefined): void {
    this.#open.delete(streamOffset(headers) ?? 0)
  }
}

/** The offset of a message in its stream. The broker overwrites a header that a publisher sets. */
export function streamOffset(headers: MessageHeaders | undefined): number | undefined {
  const offset: unknown = headers?.['x-stream-offset']
  return typeof offset === 'number' && Number.isSafeInteger(offset) && offset >= 0 ? offset : undefined
}

function seconds(milliseconds: number): OffsetArgument {
  return { '!': 'timestamp', value: Math.floor(milliseconds / 1_000) }
}
