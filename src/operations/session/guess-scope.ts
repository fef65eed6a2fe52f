import { mayHoldReferences } from '../../desired/source/references/references.ts'

/** The headers of documents, if they are plain texts. Other notations are not recognized. */
const HEADERS = {
  vhost: headerPattern('vhost'),
  project: headerPattern('project'),
}

const ANY_VHOST = /^vhost:/m
const ANY_PROJECT = /^project:/gm

/** In JSON, after the other keys of a header. */
const JSON_HEADERS = {
  vhost: jsonHeaderPattern('vhost'),
  project: jsonHeaderPattern('project'),
}

/** The vhosts that files probably name, before they are parsed. Some may be missing or wrong. */
export function guessVhosts(texts: readonly string[]): string[] {
  const named = texts.flatMap((text) => plainHeaders(text, 'vhost'))
  const isNamed = (text: string): boolean => (isJson(text) ? text.includes('"vhost"') : ANY_VHOST.test(text))
  if (named.length === 0) return texts.some(isNamed) ? [] : ['/']
  return [...new Set(named)].filter((name) => !mayHoldReferences(name))
}

/** The project that the files probably belong to; undefined if they disagree or use another notation. */
export function guessProject(texts: readonly string[]): string | undefined {
  const named = texts.flatMap((text) => plainHeaders(text, 'project'))
  const written = texts.reduce((count, text) => count + (isJson(text) ? 1 : [...text.matchAll(ANY_PROJECT)].length), 0)
  const [first] = named
  if (first === undefined || named.length !== written || mayHoldReferences(first)) return undefined
  return named.every((each) => each === first) ? first : undefined
}

function plainHeaders(text: string, name: keyof typeof HEADERS): string[] {
  if (isJson(text)) return JSON_HEADERS[name].exec(text)?.slice(1) ?? []
  return [...text.matchAll(HEADERS[name])].map(([, double, single, plain]) => double ?? single ?? plain ?? '')
}

function isJson(text: string): boolean {
  return /^\s*\{/.test(text)
}

function jsonHeaderPattern(name: string): RegExp {
  return new RegExp(String.raw`^\s*\{\s*(?:"\$?\w+"\s*:\s*(?:\d+|"[^"\\]*")\s*,\s*)*?"${name}"\s*:\s*"([^"\\]+)"`)
}

function headerPattern(name: string): RegExp {
  return new RegExp(
    String.raw`^${name}:[ \t]+(?:"([^"\\]+)"|'([^']+)'|([^\s#&*!|>{['"%@${'`'}][^#\n]*?))[ \t]*(?:#.*)?$`,
    'gm',
  )
}
