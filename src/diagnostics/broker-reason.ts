/**
 * What the broker said when it closed a channel or a connection, or what the network said, without
 * the name of the login, which may come from a URL and is shown nowhere.
 */
export function brokerReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const quoted = /with message "(.*)"$/s.exec(error.message)?.[1]
  const text = quoted ?? (error.message === '' ? codeOf(error) : error.message)
  return text
    .replace(/ (for|by|from) user '.*?'(?=$|[\s.,:;)])/gs, '')
    .replace(/user '.*?'(?=$|[\s.,:;)])/gs, 'the user')
}

/** The AMQP reply code (404, 403, …) that closed a channel, or undefined. */
export function replyCode(error: unknown): number | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'number' ? code : undefined
}

function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}
