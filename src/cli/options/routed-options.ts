import type { Command } from 'commander'
import type { RoutedOptions } from '../../operations/insight/read-routed-vhosts.ts'
import type { Io } from '../output/io.ts'
import { addBrokerOptions } from './connection/broker-options.ts'
import { chooseRun } from './chosen-runs.ts'
import { type SourceFlags, sourceOf } from './source-options.ts'
import { addTopologyOptions, refuseFileOptions, type TopologyFlags } from './topology-options.ts'

/** The options of commands with a routing model of files, a broker or a definitions file. */
export interface RoutedFlags extends SourceFlags, TopologyFlags {
  readonly brokerVersion?: string
}

/**
 * Adds the options that choose files, a broker or a definitions file, and the version of the broker.
 *
 * @param keyOption the option for the key of the client certificate. Default: `--key`
 */
export function addRoutedOptions(command: Command, keyOption: '--key' | '--cert-key' = '--key'): Command {
  return addBrokerOptions(
    addTopologyOptions(command)
      .option('--live', 'use the objects of the live broker; files then declare only routes')
      .option('--from <file>', 'use the objects of definitions that a broker exported')
      .option(
        '--broker-version <version>',
        'use the rules of this RabbitMQ version, such as 4.3 (default: that of the broker, else the newest)',
      ),
    keyOption,
  )
}

/**
 * Converts flags to the source of a routing model. `--vhost` without `=` chooses vhosts and is not passed on.
 *
 * @param readsFiles whether files are read in addition to a broker. Default: if paths are given
 */
export async function routedOptions(
  paths: readonly string[],
  flags: RoutedFlags,
  io: Io,
  readsFiles = paths.length > 0,
): Promise<RoutedOptions> {
  const { vhost = [], brokerVersion } = flags
  const renames = vhost.filter((each) => each.includes('='))
  const isElsewhere = flags.live === true || flags.from !== undefined
  if (isElsewhere && !readsFiles) refuseFileOptions(flags, flags.live === true ? '--live' : '--from')
  const { vhost: _, ...rest } = flags
  const source = isElsewhere ? await sourceOf(rest, io) : undefined
  const files = !isElsewhere || readsFiles ? (await chooseRun(paths, { ...rest, vhost: renames }, io)).files : undefined
  return {
    ...(files && { files }),
    ...(source && { source }),
    ...(brokerVersion !== undefined && { brokerVersion }),
    secrets: io.secrets,
  }
}
