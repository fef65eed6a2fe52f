/**
 * The result on one version of Node.js: which steps failed and why, or why the version could not be run.
 *
 * @typedef {{ asked: string, missing: string }} Missing
 * @typedef {{ asked: string, version: string, steps: number, problems: readonly { step: string, why: string }[] }} Tried
 */

/**
 * @param {readonly (Missing | Tried)[]} rows
 * @returns {string} a readable table, with the problems below it
 */
export function tableOf(rows) {
  const lines = [
    ['asked for', 'Node.js', 'passed', 'failed'],
    ...rows.map((row) =>
      'missing' in row
        ? [row.asked, 'missing', '-', '-']
        : [row.asked, row.version, String(row.steps - row.problems.length), String(row.problems.length)],
    ),
  ]
  const widths = lines[0].map((_, column) => Math.max(...lines.map((line) => line[column].length)))
  const table = lines.map((line) =>
    line.map((cell, column) => cell[column < 2 ? 'padEnd' : 'padStart'](widths[column])).join('  '),
  )
  const problems = rows.flatMap((row) =>
    'missing' in row
      ? [`${row.asked}: ${row.missing}`]
      : row.problems.map(({ step, why }) => `${row.version}: ${step}: ${why}`),
  )
  return [...table, ...(problems.length === 0 ? [] : ['', ...problems])].map((line) => `${line}\n`).join('')
}

/**
 * @param {readonly (Missing | Tried)[]} rows
 * @returns {boolean} whether every version ran, and every step passed on it
 */
export function isSupported(rows) {
  return rows.length > 0 && rows.every((row) => !('missing' in row) && row.steps > 0 && row.problems.length === 0)
}
