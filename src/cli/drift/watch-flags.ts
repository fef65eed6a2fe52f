import type { Command } from 'commander'
import type { WatchDriftOptions } from '../../operations/operate/watch-drift.ts'
import { parseDuration } from '../../model/values/duration.ts'
import type { Io } from '../output/io.ts'
import { chooseConfig } from '../options/chosen-runs.ts'
import { firstGiven, notOfForm, usageError } from '../options/usage-error.ts'
import type { WorkspaceFlags } from '../options/workspace-flags.ts'

/** The options of the drift service, as commander returns them. */
export interface WatchFlags extends WorkspaceFlags {
  readonly watch?: boolean
  readonly interval?: string
  readonly listen?: string
  readonly state?: string
  readonly pause?: string
  readonly apply?: boolean
}

/** The settings of the drift service that do not depend on an environment. */
export type WatchSettings = Pick<
  WatchDriftOptions,
  'interval' | 'listen' | 'state' | 'pause' | 'apply' | 'webhooks' | 'events'
>

const DEFAULT_INTERVAL = '1m'
const SHORTEST_INTERVAL = 1_000
const DEFAULT_LISTEN = '127.0.0.1:9878'
const HIGHEST_PORT = 65_535

/** Adds the options of the drift service. */
export function addWatchOptions(command: Command): Command {
  return command
    .option('--watch', 'keep looking until a signal ends it; serve metrics and send notifications')
    .option('--interval <duration>', 'with --watch: the time between two checks (default: 1m)')
    .option(
      '--listen <host:port>',
      `with --watch: where to serve /metrics, /healthz and /readyz, or off (default: ${DEFAULT_LISTEN})`,
    )
    .option(
      '--state <file>',
      'with --watch: keep the state in this file (default: in a global parameter of the broker)',
    )
    .option('--apply', 'with --watch: create missing objects and update different ones; never delete or replace any')
    .option('--pause <time|file>', 'with --watch: send and apply nothing until this time, or while this file exists')
}

/**
 * The settings of the drift service: options take precedence over the config.
 *
 * @throws {WarrenError} with exit code 3 when one of them is invalid
 */
export async function watchSettings(paths: readonly string[], flags: WatchFlags, io: Io): Promise<WatchSettings> {
  const chosen = await chooseConfig(paths, flags, io)
  const configured = chosen?.config.drift
  const { webhookSettings } = await import('../../operations/workspace/run-settings.ts')
  const webhooks = chosen && configured ? await webhookSettings(configured, chosen.variables) : []
  const state = flags.state ?? configured?.state
  const listen = listenAddress(flags.listen ?? configured?.listen ?? DEFAULT_LISTEN)
  return {
    interval: intervalOf(flags.interval ?? configured?.interval ?? DEFAULT_INTERVAL),
    ...(listen && { listen }),
    ...(state !== undefined && { state }),
    ...(flags.pause !== undefined && { pause: flags.pause }),
    apply: flags.apply === true,
    webhooks: webhooks.map(requireUrl),
    ...(configured?.events !== undefined && { events: configured.events }),
  }
}

/** @throws {WarrenError} with exit code 3 when an option of the service is given without `--watch` */
export function refuseWithoutWatch({ watch, interval, listen, state, pause, apply }: WatchFlags): void {
  if (watch === true) return
  const options = { '--interval': interval, '--listen': listen, '--state': state, '--pause': pause, '--apply': apply }
  const given = firstGiven(options)
  if (given !== undefined) throw usageError(`${given} configures the service`, `add --watch, or leave out ${given}`)
}

function intervalOf(text: string): number {
  const interval = parseDuration(text)
  if (interval === undefined || interval < SHORTEST_INTERVAL) {
    throw notOfForm('--interval', 'a duration of at least one second', '30s or 1m')
  }
  return interval
}

function listenAddress(text: string): WatchSettings['listen'] {
  if (text === 'off') return undefined
  const [, bracketed, plain, digits] = /^(?:\[([^\]]*)\]|([^:]*)):(\d{1,5})$/.exec(text) ?? []
  const port = Number(digits)
  if (digits === undefined || port > HIGHEST_PORT) {
    throw notOfForm('--listen', 'HOST:PORT', '127.0.0.1:9878, :9878 for all addresses, or off')
  }
  return { host: bracketed ?? plain ?? '', port }
}

function requireUrl(webhook: NonNullable<WatchSettings['webhooks']>[number]) {
  const protocol = URL.canParse(String(webhook.url)) ? new URL(String(webhook.url)).protocol : undefined
  if (protocol === 'https:' || protocol === 'http:') return webhook
  // Not shown, because it may be a secret.
  throw usageError(
    'the URL of a webhook in the config is not an http or https URL',
    'correct drift.webhooks in the config',
  )
}
