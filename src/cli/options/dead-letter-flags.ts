import type { Command } from 'commander'
import type { MessageFilter } from '../../operate/dead-letters/message-filter.ts'
import { parseDuration } from '../../model/values/duration.ts'
import { addAmqpOption } from './connection/amqp-option.ts'
import { addBrokerOptions, type BrokerFlags, count } from './connection/broker-options.ts'
import { collect } from './collect.ts'
import type { Io } from '../output/io.ts'
import type { DeadLetterOptions } from '../../operations/dead-letters/dead-letter-session.ts'
import { brokerOf, chooseEnvironment, chooseRun } from './chosen-runs.ts'
import { addTopologyOptions, refuseFileOptions, type TopologyFlags } from './topology-options.ts'
import { notOfForm, usageError } from './usage-error.ts'

/** The options of all commands on dead letters, as commander returns them. */
export interface DeadLetterFlags extends TopologyFlags, BrokerFlags {
  readonly format: string
  readonly live?: boolean
  readonly vhost?: readonly string[]
}

/** The options that choose dead letters, as commander returns them. */
export interface ChoiceFlags extends DeadLetterFlags {
  readonly reason?: readonly string[]
  readonly error?: string
  readonly id?: readonly string[]
  readonly header?: readonly string[]
  readonly failedIn?: readonly string[]
  readonly before?: string
  readonly after?: string
  readonly limit?: string
  readonly useDeliveries?: boolean
}

/** More than any sensible limit. */
const MOST = 1_000_000_000

/** Adds the options of all commands on dead letters. */
export function addDeadLetterOptions(command: Command): Command {
  return addAmqpOption(addBrokerOptions(addTopologyOptions(command)))
    .option(
      '--live',
      'use the dead-letter queues of the broker instead of files; with it, --vhost NAME chooses a vhost',
    )
    .option('--format <format>', 'text or json', 'text')
}

/** Adds the options that choose dead letters. */
export function addChoiceOptions(command: Command): Command {
  return addDeadLetterOptions(command.argument('<queue>', 'a dead-letter queue, or a queue that has one'))
    .option(
      '--reason <reason>',
      'only messages with this reason, such as error, invalid, rejected; repeatable',
      collect,
    )
    .option('--error <text>', 'only messages whose error contains this text, in upper or lower case')
    .option('--id <id>', 'only the message with this id; repeatable', collect)
    .option(
      '--header <name=value>',
      'only messages with this header; repeatable, and all of them have to match',
      collect,
    )
    .option(
      '--failed-in <queue>',
      'only messages that failed in this queue, if several queues share the dead-letter queue; repeatable',
      collect,
    )
    .option(
      '--before <time>',
      'only messages that failed before this time: 2026-01-31T08:00:00Z, or 2h for two hours ago',
    )
    .option('--after <time>', 'only messages that failed at or after this time')
    .option(
      '--use-deliveries',
      'read messages even if the broker counts each read as a delivery and drops messages that were read too often',
    )
}

/** Converts flags to the options of all operations on dead letters. */
export async function deadLetterOptions(
  paths: readonly string[],
  flags: DeadLetterFlags,
  io: Io,
): Promise<DeadLetterOptions> {
  if (flags.live === true) {
    if (paths.length > 0) {
      throw usageError(
        '--live chooses the queues of the broker instead of those of the files',
        'leave out the files, or --live',
      )
    }
    refuseFileOptions(flags, '--live')
    const broker = await brokerOf(await chooseEnvironment(flags, io), flags, io)
    return { ...broker, ...(flags.vhost && { onlyVhosts: flags.vhost }), secrets: io.secrets }
  }
  const run = await chooseRun(paths, flags, io)
  return { ...run.files, ...(await brokerOf(run, flags, io)) }
}

/** Converts flags to the options by which an operation chooses dead letters. */
export async function choiceOptions(queue: string, paths: readonly string[], flags: ChoiceFlags, io: Io) {
  return {
    ...(await deadLetterOptions(paths, flags, io)),
    queue,
    filter: filterOf(flags),
    ...(flags.limit !== undefined && { limit: count('--limit', flags.limit, 1, MOST) }),
    ...(flags.useDeliveries === true && { useDeliveries: true }),
  }
}

function filterOf({ reason, error, id, header, failedIn, before, after }: ChoiceFlags): MessageFilter {
  return {
    ...(reason && { reasons: reason }),
    ...(error !== undefined && { error }),
    ...(id && { ids: id }),
    ...(header && { headers: header.map(pairOf) }),
    ...(failedIn && { queues: failedIn }),
    ...(before !== undefined && { before: timeOf('--before', before) }),
    ...(after !== undefined && { after: timeOf('--after', after) }),
  }
}

function pairOf(text: string): { name: string; value: string } {
  const at = text.indexOf('=')
  if (at < 1) throw notOfForm('--header', 'name=value', '--header tenant=acme')
  return { name: text.slice(0, at), value: text.slice(at + 1) }
}

/** A date, or a duration before now. In milliseconds since 1970. */
function timeOf(option: string, text: string): number {
  const ago = /^\d+(ms|s|m|h|d)$/.test(text) ? parseDuration(text) : undefined
  const time = ago === undefined ? (/^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN) : Date.now() - ago
  if (Number.isNaN(time)) {
    throw usageError(`${option} ${text} is not a time`, `write it as ${option} 2026-01-31T08:00:00Z, or ${option} 2h`)
  }
  return time
}

/** Reads `--max`, which may be 0. */
export function mostOf(option: string, text: string): number {
  return count(option, text, 0, MOST)
}
