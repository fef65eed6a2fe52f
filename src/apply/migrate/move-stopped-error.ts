import { ExitCode } from '../../diagnostics/exit-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** A move cannot go on for the moment. Every message is there, and running it again goes on from here. */
export class MoveStoppedError extends WarrenError {
  override readonly name = 'MoveStoppedError'

  constructor(message: string, hint: string, exitCode: ExitCode = ExitCode.blocked) {
    super(message, { exitCode, hint })
  }
}
