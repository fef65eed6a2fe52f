import type { Broker } from './throwaway/broker.ts'
import type { CompiledTopology } from '../desired/load/compiled-topology.ts'
import type { TopologyOptions } from '../operations/session/options.ts'

export interface UseTopologyOptions extends Omit<TopologyOptions, 'paths' | 'vhosts' | 'environment' | 'secrets'> {
  /** What `${env:NAME}` stands for. Default: the environment of the process. */
  readonly environment?: Readonly<Record<string, string | undefined>>
  /** The broker to apply the topology to. Default: one for the whole process, started when it is needed first. */
  readonly broker?: Pick<Broker, 'managementUrl' | 'amqpUrl' | 'username' | 'password'>
}

/** A topology on a broker, in vhosts and with users of its own. */
export interface TopologyFixture extends AsyncDisposable {
  /** What `connect` of `warren/runtime` takes as its topology: the names are those of the files, but for the vhosts. */
  readonly topology: CompiledTopology
  /** The name on the broker of a vhost of the files; it can be left out where there is only one. */
  vhost(name?: string): string
  /** The login on the broker of a user of the files. One without a password there, or whose password is not set, got a random one. */
  user(name: string): { readonly name: string; readonly password: string }
  /**
   * The AMQP URL for `connect`: of a vhost (which can be left out where there is only one), with the login of a user of the
   * files (by default, of an administrator who may do everything).
   */
  url(of?: { readonly vhost?: string; readonly user?: string }): string
  /** Deletes the vhosts, with all that is in them, and the users. */
  cleanup(): Promise<void>
}

/**
 * Applies topology files to a broker for a test: each vhost becomes a fresh one and each user a fresh one, so that tests
 * can run side by side; what is declared as external is made as declared. Call `cleanup` afterwards.
 *
 * @param paths files and folders; a folder stands for all `*.yaml` and `*.yml` below it
 * @throws {InvalidInputError} when the files are not usable; its message holds what is wrong with them
 * @throws {WarrenError} when there is no option of a name, or no broker to be had, or its two URLs lead to different brokers
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
