import { readFileSync } from 'node:fs'

// Prints `N passed, N failed` from vitest's JSON report. A file that could not even be loaded counts as one failure.

const report = readFileSync(process.argv[2], 'utf8')
if (report === '') {
  process.stdout.write('The tests did not come to a result.\n')
} else {
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(report)
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  )
  process.stdout.write(`${numPassedTests} passed, ${numFailedTests + unloaded.length} failed\n`)
}
