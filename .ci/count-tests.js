import { readFileSync } from 'node:fs'

// Prints `N passed, N failed` from vitest's JSON reports. A file that could not even be loaded counts as one failure.

let passed = 0
let failed = 0
for (const file of process.argv.slice(2)) {
  const report = readFileSync(file, 'utf8')
  if (report === '') {
    process.stdout.write('The tests did not come to a result.\n')
    process.exit(0)
  }
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(report)
  const unloaded = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.every((each) => each.status !== 'failed'),
  )
  passed += numPassedTests
  failed += numFailedTests + unloaded.length
}
process.stdout.write(`${passed} passed, ${failed} failed\n`)
