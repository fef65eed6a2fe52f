import type { Location } from '../../diagnostics/location.ts'
import type { CommandResult } from './command-result.ts'
import type { Remark } from './remark.ts'

/**
 * The place of a remark for formats that require one: its own, else the start of the first file of the result. GitLab and
 * GitHub's code scanning refuse a report with an entry without a place.
 */
export function placeFor({ location }: Pick<Remark, 'location'>, { runs }: CommandResult): Location {
  if (location !== undefined) return location
  const [file] = runs.flatMap(({ sources, plan }) => [...sources.keys(), ...(plan?.files.paths ?? [])])
  return { file: file ?? 'topology.yaml', line: 1, column: 1 }
}
