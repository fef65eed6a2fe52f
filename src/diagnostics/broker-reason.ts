import { decodeErlangText } from './text/erlang-text.ts'
import { errorMessage, isError } from './thrown.ts'

/**
 * The broker's reason for closing a channel or a connection, or the reason of the network, without the name of the
 * login, which may come from a URL and is never shown.
 */
export function brokerReason(error: unknown): string {
  const message = errorMessage(error)
  const quoted = isError(error) ? /with message "(.*)"$/s.exec(message)?.[1] : undefined
  const text = quoted ?? (message === '' && isError(error) ? codeOf(error) : message)
  return decodeErlangText(text)
    .replace(/ (for|by|from) user '.*?'(?=$|[\s.,:;)])/gs, '')
    .replace(/user '.*?'(?=$|[\s.,:;)])/gs, 'the user')
}

/** The AMQP reply code (404, 403, …) that closed a channel, or undefined. amqplib calls it `code`, warren `replyCode`. */
export function replyCode(error: unknown): number | undefined {
  if (!isError(error)) return undefined
  const { code, replyCode: kept } = error as { code?: unknown; replyCode?: unknown }
  return [code, kept].find((each) => typeof each === 'number')
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
