import { WarrenError } from '../../diagnostics/warren-error.ts'

/** The command line itself is invalid. */
export function usageError(message: string, hint: string): WarrenError {
  return new WarrenError(message, { code: 'INVALID_USAGE', hint })
}

/**
 * The value of an option has the wrong form. The error does not repeat it, because it may be a secret in the wrong
 * place.
 */
export function notOfForm(option: string, form: string, example: string): WarrenError {
  return usageError(`the value of ${option} is not of the form ${form}`, `write it as ${example}`)
}

/** The first of some options that is given; undefined if none is. */
export function firstGiven(options: Readonly<Record<string, unknown>>): string | undefined {
  return Object.entries(options).find(([, value]) => value !== undefined)?.[0]
}
