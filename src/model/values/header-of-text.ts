/** Reads a header that was typed, like YAML, so that it has the same type as in a file. */
export function headerOfText(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text) ? Number(text) : text
}
