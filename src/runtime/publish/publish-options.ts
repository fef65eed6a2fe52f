import { unknownOptionHint } from '../option-names.ts'
import type { OptionNames } from '../option-names.ts'
import { PublishError } from './publish-error.ts'
import type { RoutingKeyParameters } from './routing-key.ts'

/** What a program may say about one message. */
export interface PublishOptions {
  /** The words for the `{parameter}` parts of the routing key. */
  readonly parameters?: RoutingKeyParameters
  /** What makes the message recognisable, for consumers that do nothing twice. Default: an id of its own. */
  readonly messageId?: string
  /** What the body is. Default: what the publication declares (`message.contentType`), else `application/json`. */
  readonly contentType?: string
  readonly correlationId?: string
  /** What kind of message it is, for consumers that get several. */
  readonly type?: string
  readonly replyTo?: string
  /** Added to those of the publication. `x-warren-…`, `CC`, `BCC` and `x-death` are not the program's to set. */
  readonly headers?: Readonly<Record<string, unknown>>
  /** How long the message may wait in a queue, in milliseconds. Default: the publication's, else for ever. */
  readonly expiration?: number
  /** 0 to 255. Default: the publication's, else none. */
  readonly priority?: number
  /** Ends the waiting; the message may have been published all the same, as the error says. */
  readonly signal?: AbortSignal
  /** How long to wait for the confirmation in all, in milliseconds. Default: that of the runtime, else 30,000. */
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
  priority: true,
  signal: true,
  timeout: true,
}

/** Rejects with what was probably meant by an option that does not exist. */
export async function refuseUnknownOption(publication: string, option: string): Promise<never> {
  throw new PublishError(`publication "${publication}": publish() has no option "${option}"`, {
    outcome: 'invalid',
    publication,
    hint: await unknownOptionHint(option, PUBLISH_OPTIONS),
  })
}
