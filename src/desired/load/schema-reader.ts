import { errorMessage } from '../../diagnostics/thrown.ts'
import { dirname, resolve } from 'node:path'
import { finding } from '../../diagnostics/findings/finding.ts'
import type { Location } from '../../diagnostics/location.ts'
import type { ReadSchema } from '../expand/expand-context.ts'
import { parseJson } from './parse-json.ts'
import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFileSync } from '../../files/read-regular-file.ts'
import { decodeUtf8 } from '../source/decode-utf8.ts'

/** A message schema that a route names. */
export interface SchemaUse {
  /** As written. */
  readonly path: string
  /** The same object for every use of one file. */
  readonly schema: unknown
  /** The position at which the route names the file. */
  readonly location: Location
}

type Result = { readonly schema: unknown } | { readonly unreadable: string } | { readonly wrong: string }

/** Makes a reader of message schemas that reads each file once, and adds each use to `uses`. */
export function schemaReader(onRead?: (path: string) => void): {
  readonly readSchema: ReadSchema
  readonly uses: readonly SchemaUse[]
} {
  const read = new Map<string, Result>()
  const uses: SchemaUse[] = []
  const readSchema: ReadSchema = (path, location) => {
    const full = resolve(dirname(location.file), path)
    onRead?.(full)
    const result = read.get(full) ?? readJson(full)
    read.set(full, result)
    if ('schema' in result) {
      uses.push({ path, schema: result.schema, location })
      return result
    }
    return 'unreadable' in result
      ? { finding: finding('schema-unreadable', { path, reason: result.unreadable }, location) }
      : { finding: finding('schema-not-json', { path, reason: result.wrong }, location) }
  }
  return { readSchema, uses }
}

function readJson(path: string): Result {
  try {
    const { text, invalidAt } = decodeUtf8(readRegularFileSync(path, 'document'))
    return invalidAt === undefined ? parse(text) : { wrong: 'it is not UTF-8' }
  } catch (error) {
    return { unreadable: describeFileError(error) }
  }
}

function parse(text: string): Result {
  try {
    const schema: unknown = parseJson(text)
    const usable =
      typeof schema === 'boolean' || (typeof schema === 'object' && schema !== null && !Array.isArray(schema))
    return usable ? { schema } : { wrong: 'it is neither an object nor true or false' }
  } catch (error) {
    return { wrong: errorMessage(error) }
  }
}
