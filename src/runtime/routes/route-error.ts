import type { ErrorCode } from '../../diagnostics/error-code.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { Needed } from './existence.ts'
import { withHint } from '../with-hint.ts'

/** A route of the topology cannot be used. The message ends with the hint. */
export class RouteError extends WarrenError {
  override readonly name = 'RouteError'
  /** The name of the publication or subscription. */
  readonly route: string

  constructor(code: ErrorCode, route: string, message: string, hint: string, cause?: unknown) {
    super(withHint(message, hint), { code, hint, ...(cause !== undefined && { cause }) })
    this.route = route
  }
}

/** An object that a route uses and that the broker does not have. */
export interface Missing {
  readonly route: string
  readonly text: string
}

/** The hints for missing delay queues, queues and exchanges. */
export const APPLY_HINT =
  'the runtime never declares: run `warren apply` with this topology first; where it was applied with overlays or variables, ' +
  'give connect() the file that `warren compile` writes with the same overlays and variables; and check that the vhost is the right one'

/** One error for all missing objects; undefined if there are none. */
export function missingError(missing: readonly Missing[]): RouteError | undefined {
  const [first] = missing
  return first && new RouteError('MISSING_OBJECT', first.route, missing.map(({ text }) => text).join('\n'), APPLY_HINT)
}

export function missingText(
  kind: 'publication' | 'subscription',
  route: string,
  needed: Needed,
  vhost: string,
): string {
  return `${kind} "${route}" uses the ${needed.kind} "${needed.name}", which does not exist in vhost "${vhost}"`
}

export function missingDelaysText(subscription: string, queues: readonly string[], vhost: string): string {
  const listed = queues.map((queue) => `"${queue}"`).join(', ')
  return queues.length === 1
    ? `subscription "${subscription}" retries through the queue ${listed}, which does not exist in vhost "${vhost}"`
    : `subscription "${subscription}" retries through the queues ${listed}, none of which exists in vhost "${vhost}"`
}
