import { connect, type ChannelModel, type Options } from 'amqplib'
import { inSeconds, limitAnswers, NoAnswerError } from './answer-limit.ts'
import { readDeepHeaders } from './deep-headers.ts'

/** How long the broker may take, in milliseconds. */
export interface Limits {
  /** The limit for accepting a connection, from the first packet to the opened vhost. */
  readonly connect: number
  /** The limit for an answer to a request. Default `ANSWER_LIMIT`. */
  readonly answer?: number | undefined
  /** Ends an attempt to connect, with its reason. */
  readonly signal?: AbortSignal | undefined
}

/**
 * Opens a connection of amqplib on which every wait for an answer has a limit and no header can end the connection.
 * All connections of warren are opened here.
 *
 * @param socket options of the socket and of TLS, and the client's properties, as amqplib takes them
 * @throws what amqplib throws, and {NoAnswerError} when the broker takes too long, even if it keeps sending bytes
 */
export async function connectInTime(
  to: Options.Connect,
  socket: Readonly<Record<string, unknown>>,
  { connect: limit, answer, signal }: Limits,
): Promise<ChannelModel> {
  signal?.throwIfAborted()
  const late = new AbortController()
  const stop = (): void => late.abort(signal?.reason)
  signal?.addEventListener('abort', stop, { once: true })
  const timer = setTimeout(() => {
    late.abort(new NoAnswerError(`the broker did not accept the connection within ${inSeconds(limit)}`))
  }, limit)
  try {
    // amqplib's own timeout measures silence, so that single bytes would extend it.
    const options: Readonly<Record<string, unknown>> = { ...socket, signal: late.signal }
    const model = await connect(to, options)
    limitAnswers(model, answer)
    readDeepHeaders(model)
    return model
  } catch (error) {
    throw late.signal.aborted ? (late.signal.reason as Error) : error
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', stop)
  }
}
