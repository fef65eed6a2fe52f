import { isErrorCode } from '../../diagnostics/error-code.ts'
import { kindOf } from '../address.ts'
import { Secret } from './secret.ts'
import { MASK, type SecretRegistry } from './secret-registry.ts'
import { isSecretKey } from '../../diagnostics/credentials/uri-credentials.ts'

/**
 * Keys of plans, reports and topologies whose texts are names, addresses, positions in files, or warren's own words.
 * Such a string does not reveal a secret that happens to equal it, and a plan without the text could not be applied.
 */
const NOT_VALUES = new Set(
  [
    'name vhost user exchange queue source destination routingKey component renamedFrom project from',
    'kind action address addresses destinationType applyTo type how status state property owner digest format version',
    'file path paths overlays targets excludes adopts',
  ].flatMap((line) => line.split(' ')),
)

/** Keys of declared and live values. Below them, a short text or a number may be a complete secret. */
const VALUES = new Set(['after', 'before', 'differences', 'arguments', 'definition', 'value', 'headers', 'limits'])
/** Positions in files: line numbers are not secrets. */
const PLACES = new Set(['origin', 'location', 'written', 'declaredIn', 'references'])
/** Keys of hashes and of words such as `absent`; a part of these may equal a short secret. */
const HASHES = new Set(['digest', 'checksum', 'preconditions', 'owners'])
const HASH = /^(?:[\da-f]{8,}|[a-z]+)$/

const WORD = /^[a-z]+$/i

/** The position of a value in plain data. */
export interface DataContext {
  readonly secrets: SecretRegistry
  /** The key of the value, or of the list that contains it. */
  readonly key: string
  readonly isValue: boolean
  readonly isHash: boolean
}

/** Whether the text of a property is a name or the like, and not a value. */
export function isNotValue(property: string): boolean {
  return NOT_VALUES.has(property) || PLACES.has(property)
}

/**
 * Masks the secrets in plain data. In values, it also masks short texts and numbers, which would be harmless in
 * names. It keeps names unchanged.
 *
 * @param isValue whether the data is itself a value. Default: only the data below keys such as `before` and
 *   `arguments` is
 * @returns the data itself if there is nothing to mask
 */
export function maskData<T>(data: T, secrets: SecretRegistry, isValue = false): T {
  return maskIn(data, { secrets, key: '', isValue, isHash: false }) as T
}

export function maskIn(value: unknown, context: DataContext): unknown {
  if (typeof value === 'string') return maskText(value, context)
  if (typeof value === 'number') return isSecretNumber(value, context) ? MASK : value
  if (typeof value !== 'object' || value === null || value instanceof Secret) return value
  if (Array.isArray(value)) return maskList(value, context)
  if (value instanceof Map)
    return new Map([...value].map(([key, each]) => [key, maskIn(each, within(context, String(key)))]))
  const entries = Object.entries(value)
  const masked = entries.map(([key, each]): [string, unknown] => [
    maskKey(key, context.secrets),
    isReference(value, key) ? each : maskIn(each, within(context, key)),
  ])
  const isSame = masked.every(([key, each], at) => key === entries[at]?.[0] && each === entries[at][1])
  return isSame ? value : Object.fromEntries(masked)
}

/** A reference and its position in a file contain no secret, and a masked reference could not be resolved. */
function isReference(holder: object, key: string): boolean {
  return key === 'reference' && 'location' in holder && Reflect.get(holder, key)?.toString().includes('${') === true
}

export function within({ secrets, isValue, isHash }: DataContext, key: string): DataContext {
  return {
    secrets,
    key,
    isValue: (isValue || VALUES.has(key)) && !PLACES.has(key),
    isHash: isHash || HASHES.has(key),
  }
}

/** Most keys are warren's own words, a part of which may equal a secret. */
function maskKey(key: string, secrets: SecretRegistry): string {
  const isWord = WORD.test(key) && !secrets.isSecret(key)
  return isWord ? key : maskText(key, { secrets, key: 'name', isValue: false, isHash: false })
}

/** A list of numbers may be a string as character codes. */
function maskList(list: readonly unknown[], context: DataContext): unknown {
  if (list.length > 1 && list.every((each) => typeof each === 'number')) {
    const codes = list.join(',')
    if (context.secrets.mask(codes) !== codes) return [MASK]
  }
  const masked = list.map((each) => maskIn(each, context))
  return masked.every((each, at) => each === list[at]) ? list : masked
}

function maskText(text: string, { secrets, key, isValue, isHash }: DataContext): string {
  if (isHash && HASH.test(text)) return text
  if (key === 'code' && !isValue && isErrorCode(text)) return text
  if (NOT_VALUES.has(key)) return secrets.isName(text) || isPlainAddress(text, secrets) ? text : secrets.mask(text)
  const isOnlyName = secrets.isName(text) && !isSecretKey(key) && !(isValue && secrets.isDeclared(text))
  return isOnlyName ? text : secrets.maskValue(text)
}

/** An address consists of names; only the address of a binding may contain a table. */
function isPlainAddress(text: string, secrets: SecretRegistry): boolean {
  if (kindOf(text) === undefined) return false
  return text
    .slice(text.indexOf(':') + 1)
    .split('/')
    .every((part) => part === '' || secrets.isName(part))
}

function isSecretNumber(number: number, { secrets, key, isValue }: DataContext): boolean {
  return isValue && !NOT_VALUES.has(key) && secrets.revealsNumber(number)
}

/** Whether a value of a declared object contains a string that must not be shown. */
export function containsSecret(value: unknown, secrets: SecretRegistry): boolean {
  return maskData(value, secrets, true) !== value
}

const JSON_DOCUMENT = /^\s*[[{]/
const INDENTED = /^\s*[[{]\r?\n( +)/

/** Masks a string that leaves the process. A JSON document stays valid JSON. */
export function maskDocument(text: string, secrets: SecretRegistry): string {
  const data = JSON_DOCUMENT.test(text) ? parsed(text) : undefined
  if (data === undefined) return secrets.mask(text)
  const masked = maskData(data, secrets)
  if (masked === data) return text
  return JSON.stringify(masked, undefined, INDENTED.exec(text)?.[1]) + (/\s*$/.exec(text)?.[0] ?? '')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
