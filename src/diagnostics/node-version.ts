/** The oldest Node.js that warren runs on; `engines` of package.json says the same. */
const OLDEST = [20, 19] as const

/**
 * Says what is wrong with a version of Node.js, or undefined. What is older lacks parts that warren uses, and would end
 * with an error about one of them. This module uses nothing that an old one lacks.
 */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined
  return `warren needs Node.js ${OLDEST.join('.')} or newer, and this is ${version}: install one from https://nodejs.org, or choose it with your version manager`
}
