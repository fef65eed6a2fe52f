import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** The broker answered a request with an error. Keeps the broker's own words. */
export class ManagementError extends WarrenError {
  override readonly name = 'ManagementError'
  readonly method: string
  /** The path with its encoded names; it never holds a login. */
  readonly path: string
  readonly status: number
  /** The reason of the broker. */
  readonly reason: string

  constructor(answer: { method: string; path: string; status: number; reason: string }) {
    super(`${answer.method} ${answer.path} answered ${answer.status}: ${answer.reason}`, {
      // 401 is the API's answer to a wrong login and to missing rights alike; it never says 403.
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

  /** It was to be deleted only `if-empty` or `if-unused`, and is not (rabbit_amqqueue, rabbit_exchange: delete). */
  isKept(): boolean {
    return this.status === 400 && /(not empty|in use)$/.test(this.reason)
  }

  /** 401 is the API's answer to a wrong login and to missing rights alike; it never says 403. */
  isRefused(): boolean {
    return this.status === 401
  }
}

/** The vhost of a list of bindings: of the vhost, of a queue, or of an exchange. */
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
    'RabbitMQ answers so where a binding has arguments and a routing key with a ~ before its end; find it with: ' +
    `rabbitmqctl list_bindings -p ${name} source_name destination_name destination_kind routing_key arguments; ` +
    'the API cannot remove it, so unbind it over AMQP (queue.unbind or exchange.unbind), or delete the queue or exchange at one of its ends'
  )
}

/** No answer of a management API came back. */
export class UnreachableError extends WarrenError {
  override readonly name = 'UnreachableError'

  constructor(message: string, options: { hint: string; cause?: unknown }) {
    super(message, { code: 'UNREACHABLE', ...options })
  }
}
