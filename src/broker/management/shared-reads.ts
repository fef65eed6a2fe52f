/**
 * The columns of all reads of queues. With statistics, which are some seconds late.
 *
 * `head_message_timestamp` is the age of a classic queue whose messages have timestamps, `first_timestamp` that of a
 * stream from 4.3 on.
 */
const QUEUE_COLUMNS = [
  'name,vhost,type,durable,auto_delete,exclusive,owner_pid_details,internal,arguments,state,members,online',
  'policy,operator_policy,idle_since,consumers,message_bytes,messages,messages_ready,messages_unacknowledged',
  'messages_dlx,message_stats.publish,message_stats.deliver_get,head_message_timestamp,first_timestamp',
].join(',')

const QUEUES = /^(\/api\/queues\/[^/?]+)\?/

/**
 * The responses that several clients share while they look at a broker together, so that each path is requested once.
 * All reads of the queues of a virtual host share one request.
 *
 * Only for reads: a client that writes would see the state from before its writes.
 */
export class SharedReads {
  readonly #answers = new Map<string, Promise<unknown>>()
  #requests = 0

  /** How many requests were sent. */
  get requests(): number {
    return this.#requests
  }

  /**
   * Returns the response for a path, and requests it if it is the first. After a failure, the next read of the path is
   * a new request, so that a caller can repeat it.
   *
   * @param login the broker and the user: each sees other objects
   */
  read(login: string, path: string, request: (path: string) => Promise<unknown>): Promise<unknown> {
    const [, queues] = QUEUES.exec(path) ?? []
    const shared = queues === undefined ? path : `${queues}?columns=${QUEUE_COLUMNS}`
    const key = `${login} ${shared}`
    const known = this.#answers.get(key)
    if (known !== undefined) return known
    this.#requests += 1
    const answer = request(shared)
    this.#answers.set(key, answer)
    answer.catch(() => this.#answers.delete(key))
    return answer
  }
}
