import { errorMessage } from '../diagnostics/thrown.ts'
import { pause } from './pause.ts'
import type { Closed, Runtime } from './runtime-types.ts'
import { logSafely, stderrLogger } from './events/runtime-logger.ts'
import type { RuntimeLogger } from './events/runtime-logger.ts'

/** Options for closing a runtime together with its process. */
export interface CloseOnSignalOptions {
  /** Default: `SIGTERM` and `SIGINT`. */
  readonly signals?: readonly NodeJS.Signals[]
  /** How long `before` and the closing of the runtime may take together, in milliseconds. Default 25,000. */
  readonly deadline?: number
  /**
   * Runs first, while the runtime still publishes and consumes. Stop your sources of work here, such as an HTTP server
   * or the relay of an outbox, and wait for running work. If it takes longer than `deadline`, the runtime closes
   * anyway.
   */
  readonly before?: (time: { readonly deadline: number }) => unknown
  /** Runs when the runtime is closed, also without a signal. End everything here that keeps the process alive. */
  readonly after?: (closed: Closed) => unknown
  /** Called when everything is closed, including `after`, also without a signal. */
  readonly onClosed?: (closed: Closed) => void
  /**
   * The destination of messages about a hook that failed, or a process that does not end. Default: the standard error
   * stream.
   */
  readonly logger?: RuntimeLogger | false
}

const DEFAULT_DEADLINE = 25_000
/** The share of the deadline that is reserved for the runtime, even if `before` takes longer. */
const FOR_RUNTIME = 0.2
/** How long a process may take to end before the logger reports what keeps it alive, in milliseconds. */
const ENDS_WITHIN = 2_000

/**
 * Closes the runtime when the process receives a signal to end. The process then ends, unless something else keeps it
 * alive. A second signal ends it at once. Returns a function that stops listening.
 */
export function closeOnSignal(
  runtime: Pick<Runtime, 'close' | 'closed'>,
  options: CloseOnSignalOptions = {},
): () => void {
  const { signals = ['SIGTERM', 'SIGINT'], deadline = DEFAULT_DEADLINE, logger = stderrLogger } = options
  let isAsked = false
  const warn = (event: string, sentence: string, error?: unknown): void => {
    if (logger) logSafely(logger, 'warn', { event, ...(error !== undefined && { err: error }) }, sentence)
  }
  const close = (): void => {
    // Without a listener the next signal has its usual effect.
    stop()
    isAsked = true
    void closeInTime()
  }
  const closeInTime = async (): Promise<void> => {
    const end = performance.now() + deadline
    await drain(Math.floor(deadline * (1 - FOR_RUNTIME)))
    await runtime.close({ deadline: Math.max(0, end - performance.now()) })
  }
  const drain = async (time: number): Promise<void> => {
    if (!options.before) return
    const timer = new AbortController()
    const hook = run('before', () => options.before?.({ deadline: time })).then(() => true)
    const isDone = await Promise.race([hook, pause(time, timer.signal).then(() => false)])
    timer.abort()
    if (!isDone)
      warn('beforeLate', `the hook before of closeOnSignal() has not ended within ${time} ms; closing anyway`)
  }
  const run = async (name: string, hook: () => unknown): Promise<void> => {
    try {
      await hook()
    } catch (error) {
      warn(`${name}Failed`, `the hook ${name} of closeOnSignal() has failed: ${errorMessage(error)}`, error)
    }
  }
  const stop = (): void => {
    for (const signal of signals) process.off(signal, close)
  }
  const ended = async (closed: Closed): Promise<void> => {
    stop()
    if (options.after) await run('after', () => options.after?.(closed))
    if (isAsked) setTimeout(tellWhatKeeps, ENDS_WITHIN).unref()
    options.onClosed?.(closed)
  }
  const tellWhatKeeps = (): void => {
    const kept = [...new Set(process.getActiveResourcesInfo())].join(', ')
    warn(
      'stillRunning',
      `the runtime is closed, but the process keeps running; close in "after" whatever keeps it alive: ${kept}`,
    )
  }
  for (const signal of signals) process.on(signal, close)
  void runtime.closed.then(ended)
  return stop
}
