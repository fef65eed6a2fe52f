import type { TopologyFixture, UseTopologyOptions } from './topology-fixture.ts'

export type { TopologyFixture, UseTopologyOptions } from './topology-fixture.ts'

/**
 * Applies topology files to a broker for a test: each vhost becomes a fresh one and each user a fresh one, so that tests
 * can run side by side; what is declared as external is made as declared. Call `cleanup` afterwards.
 *
 * @param paths files and folders; a folder stands for all `*.yaml` and `*.yml` below it
 * @throws {InvalidInputError} when the files are not usable; its message holds what is wrong with them
 * @throws {WarrenError} when an option does not exist, no broker is available, or its two URLs lead to different brokers
 * @throws {Error} when the broker did not take all of it; nothing is left then
 */
export async function useTopology(
  paths: string | readonly string[],
  options: UseTopologyOptions = {},
): Promise<TopologyFixture> {
  // What plans and applies is loaded by the tests that use it: those of handlers need none of it.
  const { createTopologyFixture } = await import('./topology-fixture.ts')
  return createTopologyFixture(paths, options)
}
