import { readFileSync } from 'node:fs'

// Prints the tests that failed, by name, and then `N passed, N failed`, from vitest's JSON reports. A file that could not
// even be loaded counts as one failure.

let passed = 0
const failures = []
for (const file of process.argv.slice(2)) {
  const report = readFileSync(file, 'utf8')
  if (report === '') {
    process.stdout.write('The tests did not come to a result.\n')
    process.exit(0)
  }
  const { numPassedTests, testResults } = JSON.parse(report)
  passed += numPassedTests
  for (const { name, status, assertionResults, message } of testResults) {
    const failed = assertionResults.filter((each) => each.status === 'failed')
    if (status === 'failed' && failed.length === 0) failures.push(`${name}: ${message}`)
    failures.push(...failed.map(({ fullName, failureMessages }) => `${fullName}\n  ${failureMessages.join('\n  ')}`))
  }
}
for (const failure of failures) process.stdout.write(`FAILED ${failure}\n`)
process.stdout.write(`${passed} passed, ${failures.length} failed\n`)
