/** The kinds of warren's own files. */
export type FileKind = 'topology' | 'config' | 'tests' | 'templates'

/** The key that identifies the kind of a file. */
const KINDS: ReadonlyMap<string, FileKind> = new Map([
  ['warren', 'topology'],
  ['warrenConfig', 'config'],
  ['warrenTests', 'tests'],
  ['warrenTemplates', 'templates'],
])

const KEY_OF_LINE = /^(["']?)(warren(?:Config|Tests|Templates)?)\1[ \t]*:/m

/** The first key of a table in braces, as in JSON. */
const KEY_IN_BRACES = /^\s*\{\s*(["']?)(warren(?:Config|Tests|Templates)?)\1\s*:/

/** The kind that the keys of a document show; undefined if none of them does. */
export function fileKindOf(document: object): FileKind | undefined {
  const key = Object.keys(document).find((each) => KINDS.has(each))
  return key === undefined ? undefined : KINDS.get(key)
}

/**
 * The kind of a file, guessed from its text before it is parsed; undefined if its first key has an unusual notation.
 */
export function guessFileKind(text: string): FileKind | undefined {
  return KINDS.get((KEY_IN_BRACES.exec(text) ?? KEY_OF_LINE.exec(text))?.[2] ?? '')
}
