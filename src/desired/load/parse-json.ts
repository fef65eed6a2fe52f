/** The maximum depth that warren and its libraries can process; no topology, plan or schema comes near it. */
const MAXIMUM_DEPTH = 200

/**
 * Parses the JSON of a file, with or without a byte-order mark.
 *
 * @throws {SyntaxError} when it is not JSON, or nested too deep to be processed
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''))
  if (!fitsDepth(value, 0)) throw new SyntaxError(`it is nested more than ${MAXIMUM_DEPTH} deep`)
  return value
}

function fitsDepth(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  return depth < MAXIMUM_DEPTH && Object.values(value).every((each) => fitsDepth(each, depth + 1))
}
