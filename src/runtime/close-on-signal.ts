import type { Closed, Runtime } from './runtime.ts'

/** How a runtime ends with its process. */
export interface CloseOnSignalOptions {
  /** Default: `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly NodeJS.Signals[]
  /** In milliseconds. Default 25,000. */
  readonly deadline?: number
  /** Called when all is closed, also without a signal. By then nothing of the runtime keeps the process alive. */
  readonly onClosed?: (closed: Closed) => void
}

/**
 * Closes the runtime when the process is asked to end. The process then ends by itself, unless something
 * else keeps it alive; a second signal ends it at once. Returns a function that stops listening.
 */
export function closeOnSignal(
  runtime: Pick<Runtime, 'close' | 'closed'>,
  options: CloseOnSignalOptions = {},
): () => void {
  const signals = options.signals ?? ['SIGTERM', 'SIGINT']
  const close = (): void => {
    // Without a listener the next signal has its usual effect.
    stop()
    void runtime.close(options.deadline === undefined ? {} : { deadline: options.deadline })
  }
  const stop = (): void => {
    for (const signal of signals) process.off(signal, close)
  }
  const ended = (closed: Closed): void => {
    stop()
    options.onClosed?.(closed)
  }
  for (const signal of signals) process.on(signal, close)
  void runtime.closed.then(ended)
  return stop
}
