/** The purpose of a file of warren. */
export type FileKind = 'topology' | 'config' | 'tests' | 'templates'

/** The key that identifies the kind of a file. */
const KINDS: ReadonlyMap<string, FileKind> = new Map([
  ['warren', 'topology'],
  ['warrenConfig', 'config'],
  ['warrenTests', 'tests'],
  ['warrenTemplates', 'templates'],
])

const KEY_OF_LINE = /^(["']?)(warren(?:Config|Tests|Templates)?)\1[ \t]*:/m

/** The first key of a table in braces, which is how JSON is written. */
const KEY_IN_BRACES = /^\s*\{\s*(["']?)(warren(?:Config|Tests|Templates)?)\1\s*:/

/** The kind that the keys of a document name; undefined when none of them does. */
export function fileKindOf(document: object): FileKind | undefined {
  const key = Object.keys(document).find((each) => KINDS.has(each))
  return key === undefined ? undefined : KINDS.get(key)
}

/** The kind of a file by its text, before it is parsed; undefined when its first key is written in an unusual way. */
export function guessFileKind(text: string): FileKind | undefined {
  return KINDS.get((KEY_IN_BRACES.exec(text) ?? KEY_OF_LINE.exec(text))?.[2] ?? '')
}
