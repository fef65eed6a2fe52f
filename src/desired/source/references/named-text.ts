/** `${name}` or `${name.field}`: a name that is replaced before references are resolved. */
export interface NamedPart {
  readonly name: string
  readonly field?: string
  readonly written: string
}

/**
 * A reference such as `${env:PASSWORD_${tenant}}`, whose text may contain names; it is kept until values are
 * resolved.
 */
export interface KeptPart {
  readonly kept: readonly (string | NamedPart)[]
}

/** The parts of a string: literal text in which `$${` has become `${`, names, and kept references. */
export type NamedText = readonly (string | NamedPart | KeptPart)[]

const NAME = /\$\{([A-Za-z_][A-Za-z0-9_-]*)(?:\.([A-Za-z_][A-Za-z0-9_-]*))?\}/y
const REFERENCE = /\$\{(?:env|file|var):/y
const KINDS = new Set(['env', 'file', 'var'])

/** Parses the names in a string. Malformed parts are kept as written, because a later step reports them. */
export function parseNames(text: string): NamedText {
  const parts: (string | NamedPart | KeptPart)[] = []
  let literal = ''
  let from = 0
  const add = (part: NamedPart | KeptPart, end: number): void => {
    if (literal !== '') parts.push(literal)
    parts.push(part)
    literal = ''
    from = end
  }
  for (let at = text.indexOf('${'); at >= 0; at = text.indexOf('${', from)) {
    if (text[at - 1] === '$' && at > from) {
      literal += `${text.slice(from, at - 1)}\${`
      from = at + 2
      continue
    }
    literal += text.slice(from, at)
    const name = nameAt(text, at)
    const end = name ? at + name.written.length : endOfKept(text, at)
    add(name ?? { kept: keptParts(text.slice(at, end)) }, end)
  }
  literal += text.slice(from)
  if (literal !== '' || parts.length === 0) parts.push(literal)
  return parts
}

/** The names in a string, including those within references. */
export function namesIn(text: string): string[] {
  if (!text.includes('${')) return []
  return parseNames(text)
    .flatMap((part) => (typeof part === 'object' && 'kept' in part ? part.kept : [part]))
    .flatMap((part) => (typeof part === 'string' ? [] : [part.name]))
}

/** Escapes literal text, so that it is read as the same text: `${` becomes `$${`. */
export function escapeReferences(text: string): string {
  return text.replaceAll('${', () => '$${')
}

function nameAt(text: string, at: number): NamedPart | undefined {
  NAME.lastIndex = at
  const [written = '', name = '', field] = NAME.exec(text) ?? []
  if (name === '' || (KINDS.has(name) && field === undefined)) return undefined
  return { name, ...(field !== undefined && { field }), written }
}

/** A reference ends at its own brace; the braces of names within it do not count. */
function endOfKept(text: string, at: number): number {
  REFERENCE.lastIndex = at
  let next = REFERENCE.test(text) ? REFERENCE.lastIndex : at + 2
  for (; next < text.length; next++) {
    if (text[next] === '}') return next + 1
    const name = text[next] === '$' ? nameAt(text, next) : undefined
    if (name) next += name.written.length - 1
  }
  return text.length
}

function keptParts(written: string): (string | NamedPart)[] {
  const parts: (string | NamedPart)[] = []
  let from = 0
  for (let at = written.indexOf('${', 2); at >= 0; at = written.indexOf('${', at + 2)) {
    const name = nameAt(written, at)
    if (!name) continue
    if (at > from) parts.push(written.slice(from, at))
    parts.push(name)
    from = at + name.written.length
    at = from - 2
  }
  if (from < written.length) parts.push(written.slice(from))
  return parts
}
