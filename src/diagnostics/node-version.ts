/** The oldest supported version of Node.js, as in `engines` of package.json. */
const OLDEST = [20, 19] as const

/**
 * Explains why a version of Node.js is unsupported; undefined if it is supported. An older version lacks features
 * that warren uses, and would fail with an unclear error. This module works with old versions.
 */
export function nodeVersionProblem(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor, oldestMinor] = OLDEST
  if (major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)) return undefined
  return `warren needs Node.js ${OLDEST.join('.')} or newer, and this is ${version}: install one from https://nodejs.org, or choose it with your version manager`
}
