const SAFE = /^[\w./@%+=:,-]+$/

/** A string as one word of a shell command that a user can paste. */
export function shellWord(text: string): string {
  return SAFE.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`
}
