import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** The slowest test files. They mostly wait: for time limits, statistics, and starting nodes. */
const LONG = [
  'half-declared',
  'orphaned-node',
  'migration',
  'migration-killed',
  'bench',
  'gitops-story',
  'half-declared-plan',
  'soak',
  'objects',
  'dlq',
  'silent-broker',
  'held-dead-letters',
  'lost-leader',
  'migration-refusals',
  'stopped-apply',
  'live-tests',
  'runtime-silent-broker',
  'dlq-kinds',
]

/** The number of other files that start between two long ones, so that not all workers wait at the same time. */
const BETWEEN = 2

/**
 * Starts long files early, one after a few others. A long file that started late would run alone at the end, while
 * the other workers are idle.
 */
export class LongFilesEarly extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- this is a method of vitest, which returns a new array
    const sorted = await super.sort(files)
    // Files of a project stay together, because vitest reuses a worker only for files of the same project.
    const projects = [...new Set(sorted.map(({ project }) => project.name))]
    return projects.flatMap((name) => mixed(sorted.filter(({ project }) => project.name === name)))
  }
}

function mixed(files: readonly TestSpecification[]): TestSpecification[] {
  const rank = ({ moduleId }: TestSpecification) => LONG.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
  const long = files.filter((file) => rank(file) >= 0).toSorted((one, other) => rank(one) - rank(other))
  const others = files.filter((file) => rank(file) < 0)
  const before = long.flatMap((file, at) => [file, ...others.slice(at * BETWEEN, (at + 1) * BETWEEN)])
  return [...before, ...others.slice(long.length * BETWEEN)]
}
