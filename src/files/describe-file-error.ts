import { FileError } from './read-regular-file.ts'

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a folder',
  ELOOP: 'its links lead in a circle',
  ENAMETOOLONG: 'the path is too long',
  ERR_INVALID_ARG_VALUE: 'the path is not valid',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'it is not UTF-8 text',
  ERR_FS_FILE_TOO_LARGE: 'it is too large',
}

/** Other commands read standard input for `-`. */
const STANDARD_INPUT = 'standard input is not read: write its content into a file, and name that'

/** Why a file could not be read, in a few words. */
export function describeFileError(error: unknown): string {
  if (error instanceof FileError) return error.message
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (code === 'ENOENT' && error instanceof Error && 'path' in error && error.path === '-') return STANDARD_INPUT
  return REASONS[code] ?? (code || 'it cannot be read')
}
