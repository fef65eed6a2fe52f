import { ExitCode } from '../diagnostics/exit-code.ts'
import { WarrenError } from '../diagnostics/warren-error.ts'
import type { Needed } from './existence.ts'

/** A route of the topology cannot be used as it stands. */
export class RouteError extends WarrenError {
  override readonly name = 'RouteError'
  /** The name of the publication or subscription. */
  readonly route: string

  constructor(route: string, message: string, hint: string, cause?: unknown) {
    super(message, { exitCode: ExitCode.invalidInput, hint, ...(cause !== undefined && { cause }) })
    this.route = route
  }
}

/** What a route uses is not on the broker. */
export function missingError(
  kind: 'publication' | 'subscription',
  route: string,
  needed: Needed,
  vhost: string,
): RouteError {
  return new RouteError(
    route,
    `${kind} "${route}" uses the ${needed.kind} "${needed.name}", which does not exist in vhost "${vhost}"`,
    'the runtime never declares: run `warren apply` with this topology first, or check that the vhost is the right one',
  )
}
