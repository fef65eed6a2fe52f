import { WarrenError } from '../../diagnostics/warren-error.ts'

/**
 * Runs all steps in order, even after a failure, so that one unwritable file does not prevent the others from being
 * written.
 *
 * @throws the error of the failed step; if several failed, one error that names them all, with the code of the first
 */
export async function attemptEach(steps: readonly (() => void | Promise<void>)[]): Promise<void> {
  const errors: unknown[] = []
  for (const step of steps) {
    try {
      await step()
    } catch (error) {
      errors.push(error)
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : joined(errors)
}

/** Combines several errors. An unexpected error comes first, with its stack. */
function joined(errors: readonly unknown[]): unknown {
  const foreseen = errors.filter((error) => error instanceof WarrenError)
  const [first] = foreseen
  if (first === undefined || foreseen.length < errors.length)
    return errors.find((error) => !foreseen.includes(error as WarrenError))
  const hints = [...new Set(foreseen.flatMap(({ hint }) => hint ?? []))]
  return new WarrenError(foreseen.map(({ message }) => message).join('\n       '), {
    code: first.code,
    ...(hints.length > 0 && { hint: hints.join('\n       ') }),
  })
}
