import { unknownOptionHint } from '../option-names.ts'
import type { OptionNames } from '../option-names.ts'
import { PublishError } from '../publish/publish-error.ts'
import type { PublishOptions } from '../publish/publish-options.ts'

/** Options of one request. */
export interface RequestOptions extends Pick<
  PublishOptions,
  'parameters' | 'messageId' | 'type' | 'headers' | 'priority'
> {
  /**
   * How long to wait for the reply in total, in milliseconds. Default: the declared timeout, or 30,000. The request expires
   * at the same time, unless a responder has taken it.
   */
  readonly timeout?: number
  /** Stops waiting; the responder may still do the work, and its reply is dropped. */
  readonly signal?: AbortSignal
}

export const REQUEST_OPTIONS: OptionNames<RequestOptions> = {
  parameters: true,
  messageId: true,
  type: true,
  headers: true,
  priority: true,
  timeout: true,
  signal: true,
}

/** Rejects an unknown option, and suggests the most similar one. */
export async function refuseUnknownOption(request: string, option: string): Promise<never> {
  throw new PublishError(`request "${request}": request() has no option "${option}"`, {
    outcome: 'invalid',
    publication: request,
    hint: await unknownOptionHint(option, REQUEST_OPTIONS),
  })
}
