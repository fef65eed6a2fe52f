/** Thrown by a handler: trying again is no use. The message goes where it would go after its last delay. */
export class DoNotRetry extends Error {
  override readonly name: string = 'DoNotRetry'
}

/**
 * Thrown by a handler: try again in about this time. Of the declared delays the nearest one is taken;
 * it counts as a retry like any other, and after the last one there is none.
 */
export class RetryAfter extends Error {
  override readonly name: string = 'RetryAfter'
  /** In milliseconds. */
  readonly delay: number

  constructor(delay: number, message = `try again in ${delay} ms`, options?: ErrorOptions) {
    super(message, options)
    this.delay = delay
  }
}
