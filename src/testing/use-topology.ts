import type { TopologyFixture, UseTopologyOptions } from './topology-fixture.ts'

export type { TopologyFixture, UseTopologyOptions } from './topology-fixture.ts'

/**
 * Applies topology files to a broker for a test. Each vhost and each user gets a fresh name, so that tests can run
 * concurrently. External objects are created as declared. Call `cleanup` afterwards.
 *
 * @param paths files and folders; a folder means all `*.yaml` and `*.yml` below it; an empty list means the files of
 *   a project of `warren.config.yaml`
 * @throws {InvalidInputError} when the files are invalid; its message contains the findings
 * @throws {WarrenError} `INVALID_OPTION` when an option does not exist, `BROKER_NOT_STARTED` when no broker is
 *   available, `WRONG_BROKER` when its two URLs lead to different brokers
 * @throws {Error} when the broker did not accept the whole topology; nothing remains then
 */
export async function useTopology(
  paths: string | readonly string[],
  options: UseTopologyOptions = {},
): Promise<TopologyFixture> {
  // Only tests that plan and apply load this module; tests of handlers do not need it.
  const { createTopologyFixture } = await import('./topology-fixture.ts')
  return createTopologyFixture(paths, options)
}
