import { dirname, resolve } from 'node:path'
import { describeFileError } from '../../../files/describe-file-error.ts'
import { readRegularFile } from '../../../files/read-regular-file.ts'
import { decodeUtf8 } from '../decode-utf8.ts'
import type { Reference } from './references.ts'

/** The sources of the values of references. */
export interface ReferenceValues {
  readonly environment: Readonly<Record<string, string | undefined>>
  /** From `--var` and `--var-file`. */
  readonly variables: Readonly<Record<string, string>>
  /** Reads the file of a `${file:}`, given its full path. Default: UTF-8 text of the file system. */
  readonly readFile?: (path: string) => Promise<string>
}

/** Why a reference has no value. */
export type MissingValue =
  | { readonly kind: 'env' | 'var'; readonly name: string }
  | { readonly kind: 'file'; readonly name: string; readonly reason: string }

/**
 * Resolves a reference in `file`. An empty environment variable counts as not set if the reference has a default. One
 * line break at the end of a referenced file is removed.
 */
export async function resolveReference(
  { kind, name, fallback }: Reference,
  file: string,
  values: ReferenceValues,
): Promise<{ text: string; byDefault?: true } | { missing: MissingValue }> {
  if (kind === 'file') return readReferencedFile(name, file, values.readFile)
  const table = kind === 'env' ? values.environment : values.variables
  const value = Object.hasOwn(table, name) ? table[name] : undefined
  if (fallback !== undefined) return value ? { text: value } : { text: fallback, byDefault: true }
  return value === undefined ? { missing: { kind, name } } : { text: value }
}

async function readReferencedFile(
  name: string,
  file: string,
  read: ((path: string) => Promise<string>) | undefined,
): Promise<{ text: string } | { missing: MissingValue }> {
  const found = await readReferencedText(name, file, read)
  if ('reason' in found) return { missing: { kind: 'file', name, reason: found.reason } }
  return { text: found.text.replace(/\r?\n$/, '') }
}

/** Reads a file that another file names with a path relative to itself. */
export async function readReferencedText(
  path: string,
  from: string,
  read: (path: string) => Promise<string> = readUtf8,
): Promise<{ text: string } | { reason: string }> {
  try {
    return { text: await read(resolve(dirname(from), path)) }
  } catch (error) {
    return { reason: describeFileError(error) }
  }
}

/** Reads the text of a file that a reference names. */
export async function readUtf8(path: string): Promise<string> {
  const { text, invalidAt } = decodeUtf8(await readRegularFile(path, 'value'))
  if (invalidAt === undefined) return text
  throw Object.assign(new Error('not UTF-8'), { code: 'ERR_ENCODING_INVALID_ENCODED_DATA' })
}

/** A phrase such as `EMAIL_WORKER_PASSWORD is not set`. */
export function describeMissing(missing: MissingValue): string {
  switch (missing.kind) {
    case 'env':
      return `${missing.name} is not set`
    case 'var':
      return `the variable ${missing.name} is not given`
    case 'file':
      return `cannot read ${missing.name}: ${missing.reason}`
  }
}
