import { isError } from './thrown.ts'
import { WarrenError } from './warren-error.ts'

/** An optional peer dependency that a command needs is not installed. */
export class MissingPackageError extends WarrenError {
  override readonly name = 'MissingPackageError'
  /** The package to install. */
  readonly package: string

  constructor(name: string, purpose: string, cause: unknown) {
    super(`${purpose} needs the package ${name}, which is not installed`, {
      code: 'MISSING_PACKAGE',
      hint: `install it next to warren: npm install --save-dev ${name}`,
      cause,
    })
    this.package = name
  }
}

/**
 * Loads an optional peer dependency.
 *
 * @param load imports it: the name has to be a literal in the call, for bundlers
 * @throws {MissingPackageError} when it is not installed
 */
export async function importOptional<T>(name: string, purpose: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load()
  } catch (error) {
    // If an installed package lacks one of its own dependencies, that is another error.
    if (isNotFound(error) && error.message.includes(`'${name}'`)) throw new MissingPackageError(name, purpose, error)
    throw error
  }
}

/** `import` and `require` use different codes for this. */
function isNotFound(error: unknown): error is Error {
  return isError(error) && 'code' in error && /^(ERR_)?MODULE_NOT_FOUND$/.test(String(error.code))
}
