import type { Command } from 'commander'
import type { SourceOptions } from '../../operations/insight/take-snapshot.ts'
import type { Io } from '../output/io.ts'
import { addBrokerOptions, type BrokerFlags, firstBrokerOption } from './connection/broker-options.ts'
import { brokerOf, chooseEnvironment } from './chosen-runs.ts'
import { collect } from './collect.ts'
import { usageError } from './usage-error.ts'
import type { WorkspaceFlags } from './workspace-flags.ts'

/** The options of commands that read a broker or a definitions file, as commander returns them. */
export interface SourceFlags extends BrokerFlags, WorkspaceFlags {
  readonly live?: boolean
  readonly from?: string
  readonly vhost?: readonly string[]
}

/** Adds the options that choose the source: a live broker, or a definitions file. */
export function addSourceOptions(command: Command): Command {
  return addBrokerOptions(
    command
      .option('--live', 'read the live broker')
      .option('--from <file>', 'read definitions that a broker exported, instead of a broker')
      .option('--vhost <name>', 'read only this vhost; repeatable (default: all that the login can see)', collect),
  )
}

/**
 * Converts flags to the source of an operation.
 *
 * @throws {WarrenError} with exit code 3 unless exactly one of `--live` and `--from` is given
 */
export async function sourceOf(flags: SourceFlags, io: Io): Promise<SourceOptions> {
  const onlyVhosts = flags.vhost && { onlyVhosts: flags.vhost }
  if (flags.from !== undefined) {
    refuseBroker(flags)
    return { from: flags.from, ...onlyVhosts, secrets: io.secrets }
  }
  if (flags.live !== true) {
    throw usageError(
      'the command does not say what to read',
      'read the live broker with --live, or exported definitions with --from FILE',
    )
  }
  return { ...(await brokerOf(await chooseEnvironment(flags, io), flags, io)), ...onlyVhosts }
}

/** Options without an effect are a mistake. Connection settings in the environment are allowed. */
function refuseBroker(flags: SourceFlags): void {
  const needless = flags.live === true ? '--live' : firstBrokerOption(flags)
  if (needless === undefined) return
  throw usageError(
    `${needless} needs a broker, and --from does not use one`,
    `leave out one of the two: ${needless} or --from`,
  )
}
