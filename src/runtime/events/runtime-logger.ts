/**
 * Where a runtime writes what happens, in the shape of pino and its like: the facts first, then a sentence.
 * The facts name the event (`event`) and hold what `RuntimeEvents` says of it; an error is `err`.
 */
export interface RuntimeLogger {
  /** Logs every publish and delivery. Optional: without it, these are not logged. */
  debug?(facts: Readonly<Record<string, unknown>>, sentence: string): void
  /** Where it says no to `debug`, as pino's does, publishes and deliveries cost nothing. */
  isLevelEnabled?(level: string): boolean
  info(facts: Readonly<Record<string, unknown>>, sentence: string): void
  warn(facts: Readonly<Record<string, unknown>>, sentence: string): void
  error(facts: Readonly<Record<string, unknown>>, sentence: string): void
}

/** The default logger: writes warnings and errors as lines to standard error. */
export const stderrLogger: RuntimeLogger = {
  info: () => undefined,
  warn: (_facts, sentence) => void process.stderr.write(`warren warning: ${sentence}\n`),
  error: (_facts, sentence) => void process.stderr.write(`warren error: ${sentence}\n`),
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error'

/**
 * Writes a line. Never throws: a logger reads the error that it is given, which may throw while it is read, and a broken
 * logger must not end the process, since messages are handled without one too. That includes one that returns a promise
 * which is rejected.
 */
export function logSafely(
  logger: RuntimeLogger,
  level: LogLevel,
  facts: Readonly<Record<string, unknown>>,
  sentence: string,
): void {
  try {
    write(logger, level, facts, sentence)
  } catch {
    try {
      write(logger, level, { event: facts['event'], ...('err' in facts && { err: new Error(sentence) }) }, sentence)
    } catch {
      // There is no other place to write to.
    }
  }
}

/** Whether a logger takes lines of debugging. One that cannot say so gets none. */
export function takesDebug(logger: RuntimeLogger): boolean {
  try {
    return logger.debug !== undefined && logger.isLevelEnabled?.('debug') !== false
  } catch {
    return false
  }
}

function write(
  logger: RuntimeLogger,
  level: LogLevel,
  facts: Readonly<Record<string, unknown>>,
  sentence: string,
): void {
  const written: unknown = logger[level]?.(facts, sentence)
  if (typeof written === 'object' && written !== null && 'then' in written) {
    Promise.resolve(written).catch(() => undefined)
  }
}
