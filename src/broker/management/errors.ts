import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** The broker answered a request with an error. Keeps the broker's own words. */
export class ManagementError extends WarrenError {
  override readonly name = 'ManagementError'
  readonly method: string
  /** The path with its encoded names; it never contains a login. */
  readonly path: string
  readonly status: number
  /** The reason that the broker gave. */
  readonly reason: string

  constructor(answer: { method: string; path: string; status: number; reason: string }) {
    super(`${answer.method} ${answer.path} answered ${answer.status}: ${answer.reason}`, {
      // The API answers 401 both for a wrong login and for missing rights; it never answers 403.
      code: answer.status === 401 ? 'ACCESS_REFUSED' : 'REQUEST_FAILED',
      ...(answer.status >= 500 && { hint: hintFor(answer) }),
    })
    this.method = answer.method
    this.path = answer.path
    this.status = answer.status
    this.reason = answer.reason
  }

  isNotFound(): boolean {
    return this.status === 404
  }

  /**
   * Whether a delete with `if-empty` or `if-unused` was refused because the condition is false (rabbit_amqqueue,
   * rabbit_exchange: delete).
   */
  isKept(): boolean {
    return this.status === 400 && /(not empty|in use)$/.test(this.reason)
  }

  /** The API answers 401 both for a wrong login and for missing rights; it never answers 403. */
  isRefused(): boolean {
    return this.status === 401
  }
}

/** The vhost in the path of a list of bindings: those of the vhost, of a queue, or of an exchange. */
const BINDINGS = /\/(?:bindings\/([^/?]+)|(?:queues|exchanges)\/([^/]+)\/[^/]+\/bindings(?:\/\w+)?)(?:\?.*)?$/

/** How to resolve a failure of the broker, or of a proxy in front of it. */
function hintFor({ method, path, status }: { method: string; path: string; status: number }): string {
  const [, ofVhost, ofObject] = (method === 'GET' && status === 500 && BINDINGS.exec(path)) || []
  const vhost = ofVhost ?? ofObject
  if (vhost === undefined) {
    return 'the broker, or a proxy in front of it, has a problem; --wait 60s waits for a broker that is still booting'
  }
  const name = shellWord(decodeURIComponent(vhost))
  return (
    'RabbitMQ answers this if a binding has arguments and a routing key with a ~ before its end; find it with: ' +
    `rabbitmqctl list_bindings -p ${name} source_name destination_name destination_kind routing_key arguments; ` +
    'the API cannot remove it, so unbind it over AMQP (queue.unbind or exchange.unbind), or delete the queue or exchange at one of its ends'
  )
}

/** There was no response from a management API. */
export class UnreachableError extends WarrenError {
  override readonly name = 'UnreachableError'

  constructor(message: string, options: { hint: string; cause?: unknown }) {
    super(message, { code: 'UNREACHABLE', ...options })
  }
}

/** The answer to a request, or `otherwise` if the resource does not exist. */
export async function orIfMissing<T, U>(answer: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ManagementError && error.isNotFound()) return otherwise
    throw error
  }
}
