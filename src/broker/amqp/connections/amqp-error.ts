import { brokerReason, replyCode } from '../../../diagnostics/broker-reason.ts'
import type { ErrorCode } from '../../../diagnostics/error-code.ts'
import { WarrenError } from '../../../diagnostics/warren-error.ts'

/** The broker refused a request over AMQP, or did not answer it. Keeps the broker's own words. */
export class AmqpError extends WarrenError {
  override readonly name = 'AmqpError'
  /** The AMQP reply code, such as 404; undefined when no answer came. */
  readonly replyCode: number | undefined
  /** The reason of the broker or the network. */
  readonly reason: string

  constructor(
    doing: string,
    options: { replyCode?: number | undefined; reason: string; hint?: string; cause?: unknown },
  ) {
    super(`${doing}: ${options.reason}`, {
      code: codeOfReply(options.replyCode),
      ...(options.hint !== undefined && { hint: options.hint }),
      ...(options.cause !== undefined && { cause: options.cause }),
    })
    this.replyCode = options.replyCode
    this.reason = options.reason
  }

  /** The broker answers 404 also for a classic queue whose node is down, which is not missing. */
  isNotFound(): boolean {
    return this.replyCode === 404 && !/is down or inaccessible/.test(this.reason)
  }

  /** The node of a classic queue, or of a quorum queue's only member, is down. */
  isDown(): boolean {
    return this.replyCode === 404 && !this.isNotFound()
  }

  /** The login lacks a right. */
  isRefused(): boolean {
    return this.replyCode === ACCESS_REFUSED
  }

  /**
   * The broker closed the whole connection (541), and with it all requests that were running on it. Each of them may have been
   * the cause, and may have been carried out.
   */
  endsConnection(): boolean {
    return this.replyCode === INTERNAL_ERROR
  }

  /** No answer came, or none that belongs to this request for certain: it may have been carried out. */
  isDoubtful(): boolean {
    return this.replyCode === undefined || this.endsConnection()
  }

  /** Another connection has it for itself. */
  isLocked(): boolean {
    return this.replyCode === 405
  }
}

const ACCESS_REFUSED = 403
const INTERNAL_ERROR = 541

/** The code of an error, by the AMQP reply code; undefined where no answer came. */
export function codeOfReply(replyCode: number | undefined): ErrorCode {
  if (replyCode === undefined) return 'NO_ANSWER'
  return replyCode === ACCESS_REFUSED ? 'ACCESS_REFUSED' : 'REQUEST_FAILED'
}

/**
 * Whether an error says that a queue does not answer: no answer came, its node is down, or the broker has no process for it
 * and closed the connection (541).
 */
export function isSilence(error: AmqpError): boolean {
  return error.isDoubtful() || error.isDown()
}

/** @param doing the attempted action, as the beginning of a sentence: `counting queue:shop/orders` */
export function amqpError(error: unknown, doing: string): Error {
  if (error instanceof WarrenError) return error
  const code = replyCode(error)
  return new AmqpError(`${doing} failed`, {
    replyCode: code,
    reason: brokerReason(error),
    cause: error,
    ...(code === undefined && { hint: 'check that the broker is running, and run it again' }),
  })
}
