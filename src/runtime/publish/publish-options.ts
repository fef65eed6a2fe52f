import { unknownOptionHint } from '../option-names.ts'
import type { OptionNames } from '../option-names.ts'
import { PublishError } from './publish-error.ts'
import type { RoutingKeyParameters } from './routing-key.ts'

/** Options of one message. */
export interface PublishOptions {
  /** The words for the `{parameter}` parts of the routing key. */
  readonly parameters?: RoutingKeyParameters
  /** Identifies the message, for consumers that detect duplicates. Default: a unique id. */
  readonly messageId?: string
  /** The type of the body. Default: `message.contentType` of the publication, or `application/json`. */
  readonly contentType?: string
  readonly correlationId?: string
  /** The kind of message, for consumers that receive several kinds. */
  readonly type?: string
  readonly replyTo?: string
  /** Added to the headers of the publication. The program must not set `x-warren-…`, `CC`, `BCC` and `x-death`. */
  readonly headers?: Readonly<Record<string, unknown>>
  /** How long the message may wait in a queue, in milliseconds. Default: that of the publication, or forever. */
  readonly expiration?: number
  /**
   * One of the delays that the publication declares, such as `10m`: the exchange routes the message after that time.
   * Default: at once.
   */
  readonly delay?: string
  /** 0 to 255. Default: that of the publication, or none. */
  readonly priority?: number
  /** Stops waiting; the message may still have been published, as the error says. */
  readonly signal?: AbortSignal
  /** How long to wait for the confirm in total, in milliseconds. Default: that of the runtime, or 30,000. */
  readonly timeout?: number
}

export const PUBLISH_OPTIONS: OptionNames<PublishOptions> = {
  parameters: true,
  messageId: true,
  contentType: true,
  correlationId: true,
  type: true,
  replyTo: true,
  headers: true,
  expiration: true,
  delay: true,
  priority: true,
  signal: true,
  timeout: true,
}

/** Rejects an unknown option, and suggests the most similar one. */
export async function refuseUnknownOption(publication: string, option: string): Promise<never> {
  throw new PublishError(`publication "${publication}": publish() has no option "${option}"`, {
    outcome: 'invalid',
    publication,
    hint: await unknownOptionHint(option, PUBLISH_OPTIONS),
  })
}
