import { describeFileError } from '../../files/describe-file-error.ts'
import { readRegularFileSync } from '../../files/read-regular-file.ts'
import { usageError } from './usage-error.ts'

/**
 * Reads a file that an option names. The error does not contain the path, because a user may pass a password or a key
 * there by mistake.
 *
 * @param what the description of the file in the error
 */
export function readText(what: string, path: string): string {
  try {
    return readRegularFileSync(path, 'value').toString('utf8')
  } catch (error) {
    throw usageError(
      `${what} cannot be read: ${describeFileError(error)}`,
      'give the path of a file, not its content, and check its permissions',
    )
  }
}
