/**
 * @typedef {{ passed: number, failed: number, skipped: number }} Results
 * @typedef {{ series: string, missing: string } | ({ series: string, code: number, seconds: number } & Results)} Row
 */

/**
 * Counts the tests in vitest's JSON report. A file that could not be loaded counts as a failure, and so does a run
 * without a report.
 *
 * @param {string} report
 * @returns {Results}
 */
export function resultsOf(report) {
  if (report === '') return { passed: 0, failed: 1, skipped: 0 }
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = JSON.parse(report)
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  )
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length, skipped: numPendingTests + numTodoTests }
}

/**
 * @param {readonly Row[]} rows
 * @returns {string} a readable table
 */
export function tableOf(rows) {
  const cells = rows.map((row) =>
    'missing' in row
      ? [row.series, 'missing', '-', '-', '-']
      : [row.series, ...[row.passed, row.failed, row.skipped].map(String), `${row.seconds} s`],
  )
  const table = [['RabbitMQ', 'passed', 'failed', 'skipped', 'time'], ...cells]
  const widths = table[0].map((_, column) => Math.max(...table.map((line) => line[column].length)))
  return table
    .map((line) => line.map((cell, column) => cell[column === 0 ? 'padEnd' : 'padStart'](widths[column])).join('  '))
    .map((line) => `${line}\n`)
    .join('')
}
