import { brokerReason } from '../../../diagnostics/broker-reason.ts'
import { WarrenError } from '../../../diagnostics/warren-error.ts'

/** Messages could not be moved any further. None is lost, but a few may be in both queues. */
export class MoveError extends WarrenError {
  override readonly name = 'MoveError'
  /** The number of messages that were moved before. */
  readonly moved: number
  /** The number of messages that may be in both queues, because their outcome is unknown. */
  readonly inBoth: number

  constructor(what: string, options: { moved: number; inBoth: number; reason: unknown; hint?: string | undefined }) {
    super(`${what}: ${brokerReason(options.reason)}`, {
      code: 'MOVE_FAILED',
      cause: options.reason,
      ...(options.hint !== undefined && { hint: options.hint }),
    })
    this.moved = options.moved
    this.inBoth = options.inBoth
  }
}
