import { explainFinding, type Finding } from '../diagnostics/findings/finding.ts'
import { formatLocation } from '../diagnostics/location.ts'
import { InvalidInputError } from '../diagnostics/warren-error.ts'

/** Writes the findings of an error into its message, since a test runner shows nothing else of it. */
export async function addFindingsToMessage<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    if (error instanceof InvalidInputError) {
      error.message = `${error.message}:\n${error.findings.map(lineOf).join('\n')}`
    }
    throw error
  }
}

function lineOf(found: Finding): string {
  const { message, hint } = explainFinding(found)
  const place = found.location ? `${formatLocation(found.location)}: ` : ''
  return `${place}${message}${hint === undefined ? '' : ` (${hint})`}`
}
