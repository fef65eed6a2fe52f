/**
 * The destination of log messages, with the interface of pino and similar loggers: first the facts, then a sentence.
 * The facts contain the name of the event (`event`) and its properties from `RuntimeEvents`; an error is `err`.
 */
export interface RuntimeLogger {
  /** Logs every publish and delivery. Optional: without it, these are not logged. */
  debug?(facts: Readonly<Record<string, unknown>>, sentence: string): void
  /** If it returns false for `debug`, like pino's, publishes and deliveries cost nothing. */
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
 * Writes a line. Never throws. A logger reads the properties of an error, which may throw, and a broken logger must
 * not end the process. Also handles a logger that returns a rejected promise.
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

/** Whether a logger accepts debug messages. A logger without `isLevelEnabled` does not receive them. */
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
