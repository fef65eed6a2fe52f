import { brokerReason } from '../../../diagnostics/broker-reason.ts'
import { ExitCode } from '../../../diagnostics/exit-code.ts'
import { WarrenError } from '../../../diagnostics/warren-error.ts'

/** Messages could not be moved any further. None is lost; a few may be in both queues. */
export class MoveError extends WarrenError {
  override readonly name = 'MoveError'
  /** How many had been moved before. */
  readonly moved: number
  /** How many may be in both queues, since it is not known what became of them. */
  readonly inBoth: number

  constructor(what: string, options: { moved: number; inBoth: number; reason: unknown; hint?: string | undefined }) {
    super(`${what}: ${brokerReason(options.reason)}`, {
      exitCode: ExitCode.unreachable,
      cause: options.reason,
      ...(options.hint !== undefined && { hint: options.hint }),
    })
    this.moved = options.moved
    this.inBoth = options.inBoth
  }
}
