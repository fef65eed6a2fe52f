/** Until when the service changes nothing and sends nothing; `forever` until the pause is removed. */
export type Pause = { readonly until: number } | 'forever'

/**
 * Reads a pause: a time in ISO 8601. An empty text pauses without an end.
 *
 * @returns undefined if the text is neither
 */
export function parsePause(text: string): Pause | undefined {
  const trimmed = text.trim()
  if (trimmed === '') return 'forever'
  const isTime = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?$/.test(trimmed)
  const until = isTime ? Date.parse(trimmed) : Number.NaN
  return Number.isNaN(until) ? undefined : { until }
}

/** Whether a string that is not a pause was probably meant as a time. */
export function isMistypedTime(text: string): boolean {
  return /^\s*\d{4}-\d{2}-\d{2}/.test(text) && parsePause(text) === undefined
}

/** Whether a pause is in force. */
export function isPaused(pause: Pause | undefined, now: number): boolean {
  return pause === 'forever' || (pause !== undefined && now < pause.until)
}
