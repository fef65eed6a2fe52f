/** `${env:NAME}`, `${env:NAME:-default}`, `${file:path}` or `${var:name}`. */
export interface Reference {
  readonly kind: 'env' | 'file' | 'var'
  /** The variable's name, or the file's path. */
  readonly name: string
  /** The default after `:-`. */
  readonly fallback?: string
  /** The reference as written. */
  readonly written: string
}

/** A string in its literal parts and references. */
export type ReferenceParts = readonly (string | Reference)[]

/** The problem with the references of a string, and its remedy. */
export interface MalformedReference {
  readonly problem: string
  readonly hint: string
  /** The text from the malformed reference on. */
  readonly written: string
}

const FORMS = 'write ${env:NAME}, ${env:NAME:-default}, ${file:path} or ${var:name}, and $${ for a literal ${'

/** Whether a string contains references or escaped ones, so that its value differs from the text. */
export function mayHoldReferences(text: string): boolean {
  return text.includes('${')
}

/** Parses a string into literal parts, in which `$${` has become `${`, and references. */
export function parseReferences(text: string): { parts: ReferenceParts } | { malformed: MalformedReference } {
  const parts: (string | Reference)[] = []
  let literal = ''
  let from = 0
  for (;;) {
    const at = text.indexOf('${', from)
    if (at < 0) break
    if (text[at - 1] === '$' && at > from) {
      literal += `${text.slice(from, at - 1)}\${`
      from = at + 2
      continue
    }
    const end = text.indexOf('}', at)
    const reference =
      end < 0 ? { problem: 'the reference ${ has no end', hint: FORMS } : parseReference(text.slice(at, end + 1))
    if ('problem' in reference) return { malformed: { ...reference, written: text.slice(at) } }
    literal += text.slice(from, at)
    if (literal !== '') parts.push(literal)
    parts.push(reference)
    literal = ''
    from = end + 1
  }
  literal += text.slice(from)
  if (literal !== '' || parts.length === 0) parts.push(literal)
  return { parts }
}

function parseReference(written: string): Reference | { problem: string; hint: string } {
  const inner = written.slice(2, -1)
  const colon = inner.indexOf(':')
  const kind = colon < 0 ? inner : inner.slice(0, colon)
  const rest = colon < 0 ? '' : inner.slice(colon + 1)
  if (inner.includes('${')) return { problem: 'a reference cannot contain another one', hint: FORMS }
  if (kind !== 'env' && kind !== 'file' && kind !== 'var') {
    return { problem: 'there is no reference of this kind', hint: FORMS }
  }
  const dash = kind === 'env' ? rest.indexOf(':-') : -1
  const name = dash < 0 ? rest : rest.slice(0, dash)
  if (name === '') return { problem: `the reference \${${kind}:} names nothing`, hint: FORMS }
  return { kind, name, written, ...(dash >= 0 && { fallback: rest.slice(dash + 2) }) }
}
