import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFileSync } from '../../files/read-regular-file.ts'
import { usageError } from './usage-error.ts'

/** Reads a file that the command line names. @param what the option, or another word for it in the error */
export function readText(what: string, path: string): string {
  try {
    return readRegularFileSync(path, 'value').toString('utf8')
  } catch (error) {
    throw usageError(
      `${what} ${path} cannot be read: ${describeFileError(error)}`,
      'check the path and its permissions',
    )
  }
}
