import { diffLines } from 'diff'
import { canonicalYaml } from '../diff/canonical-yaml.ts'

const LONGEST_ON_ONE_LINE = 60

/**
 * The line diff of a value that is nested or long.
 *
 * @returns undefined when both values are short enough for `before -> after`
 */
export function valueDiff(before: unknown, after: unknown): string[] | undefined {
  if (isShort(before) && isShort(after)) return undefined
  return diffLines(linesOf(before), linesOf(after)).flatMap(({ added, removed, value }) => {
    const sign = added ? '+' : removed ? '-' : ' '
    return value
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `${sign} ${line}`)
  })
}

function isShort(value: unknown): boolean {
  return typeof value === 'string' ? value.length <= LONGEST_ON_ONE_LINE : typeof value !== 'object'
}

function linesOf(value: unknown): string {
  return value === undefined ? '' : canonicalYaml(value)
}
