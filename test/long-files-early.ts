import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files that take longest, mostly waiting: for limits of time, statistics, and nodes that start. */
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

/** How many other files begin between two long ones, so that not all workers wait at the same time. */
const BETWEEN = 2

/**
 * Starts long files early, one after a few others. At the end of a run, one that had started late would run alone while the
 * other workers have nothing to do.
 */
export class LongFilesEarly extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // oxlint-disable-next-line unicorn/no-array-sort -- this is a method of vitest, which returns a new array
    const sorted = await super.sort(files)
    // Files of a project stay together, since a worker is used again only for files of the same project.
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
