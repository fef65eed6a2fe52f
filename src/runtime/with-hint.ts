/** Appends the hint to the message: most loggers print only the message of an error. */
export function withHint(message: string, hint: string | undefined): string {
  return hint === undefined || hint === '' ? message : `${message} — ${hint}`
}
