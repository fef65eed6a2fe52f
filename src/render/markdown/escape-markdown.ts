/** Escapes a string so that Markdown shows it as it is, in a paragraph or a cell of a table. */
export function markdownText(text: string): string {
  return text
    .replaceAll(/[\\`*_{}[\]<>#|~!]/g, '\\$&')
    .replaceAll('@', '&#64;')
    .replaceAll(/\s*\n\s*/g, ' ')
}

/** Shows a string as code, in a paragraph or a cell of a table. */
export function markdownCode(text: string): string {
  const fence = '`'.repeat(longestRun(text, 1) + 1)
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : ''
  return `${fence}${space}${text.replaceAll(/\s*\n\s*/g, ' ').replaceAll('|', '\\|')}${space}${fence}`
}

/** Texts that a person can copy. Hints put options, commands and lines of a topology between two or more spaces. */
const COPYABLE = /^(?:--|warren |rabbitmqctl |rabbitmq-[a-z]+ |[A-Za-z]+: )/

/** A hint, in which copyable text is formatted as code. */
export function markdownHint(hint: string): string {
  return hint
    .split(/ {2,}/)
    .map((part) => (COPYABLE.test(part) ? markdownCode(part.trim()) : markdownText(part.trim())))
    .filter((part) => part !== '')
    .join(' ')
}

/** A fenced block of code; no text in it can end the fence. */
export function codeBlock(language: string, lines: readonly string[]): string {
  const text = lines.join('\n')
  const fence = '`'.repeat(Math.max(3, longestRun(text, 3) + 1))
  return `${fence}${language}\n${text}\n${fence}`
}

/** The length of the longest run of at least `atLeast` backticks, or 0. */
function longestRun(text: string, atLeast: number): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length).filter((length) => length >= atLeast))
}
