import { junitDocument } from '../junit/junit-document.ts'
import { problemLines, type ShownTests } from './tests-text.ts'

/** The results of tests as JUnit XML: a suite for each file. */
export function testsJunit({ files }: ShownTests): string {
  return junitDocument(
    'warren test',
    files.map(({ path, tests }) => ({
      name: path,
      cases: tests.map(({ name, location, outcome }) => ({
        name,
        className: path,
        location,
        ...(outcome.status !== 'passed' && {
          problem: {
            element: outcome.status === 'skipped' ? ('skipped' as const) : ('failure' as const),
            type: outcome.status,
            text: problemLines(outcome).join('\n'),
          },
        }),
      })),
    })),
  )
}
