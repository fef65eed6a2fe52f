/** Puts the hint behind the message: most loggers print nothing of an error but its message. */
export function withHint(message: string, hint: string | undefined): string {
  return hint === undefined || hint === '' ? message : `${message} — ${hint}`
}
