import { brokerReason, replyCode } from '../../../diagnostics/broker-reason.ts'
import type { ErrorCode } from '../../../diagnostics/error-code.ts'
import { WarrenError } from '../../../diagnostics/warren-error.ts'

/** The broker refused a request over AMQP, or did not answer it. Keeps the broker's own words. */
export class AmqpError extends WarrenError {
  override readonly name = 'AmqpError'
  /** The AMQP reply code, such as 404; undefined if there was no answer. */
  readonly replyCode: number | undefined
  /** The reason that the broker or the network gave. */
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

  /** The broker also answers 404 for a classic queue that exists but whose node is down. */
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
   * The broker closed the whole connection (541), and with it all running requests. Any of them may be the cause, and
   * any of them may have been executed.
   */
  endsConnection(): boolean {
    return this.replyCode === INTERNAL_ERROR
  }

  /** There was no answer, or none that certainly belongs to this request, so it may have been executed. */
  isDoubtful(): boolean {
    return this.replyCode === undefined || this.endsConnection()
  }

  /** Another connection uses it exclusively. */
  isLocked(): boolean {
    return this.replyCode === 405
  }
}

const ACCESS_REFUSED = 403
const INTERNAL_ERROR = 541

/** The code of an error, from the AMQP reply code; undefined if there was no answer. */
export function codeOfReply(replyCode: number | undefined): ErrorCode {
  if (replyCode === undefined) return 'NO_ANSWER'
  return replyCode === ACCESS_REFUSED ? 'ACCESS_REFUSED' : 'REQUEST_FAILED'
}

/**
 * Whether an error means that a queue does not answer: there was no answer, its node is down, or it has no process
 * and the broker closed the connection (541).
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
    ...(code === undefined && { hint: 'check that the broker is running, and run the command again' }),
  })
}
