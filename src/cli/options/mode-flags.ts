import { collect } from './collect.ts'
import type { Command } from 'commander'
import { kindOf } from '../../model/address.ts'
import type { ModeOptions } from '../../operations/change/mode-options.ts'
import { usageError } from './usage-error.ts'

/** The mode options of a plan, as commander returns them. */
export interface ModeFlags {
  readonly prune?: boolean
  readonly adopt?: boolean
  readonly allow?: readonly string[]
  readonly migrate?: readonly string[]
  readonly skipUnsuitable?: boolean
  readonly rebind?: readonly string[]
  readonly maxDeletes?: string
  readonly target?: readonly string[]
  readonly exclude?: readonly string[]
}

/** Adds the mode options of a plan. */
export function addModeOptions(command: Command): Command {
  return addScopeOptions(
    command
      .option('--prune', 'also delete objects that this project owns and no longer declares')
      .option('--adopt', 'change existing objects that have no owner')
      .option(
        '--migrate <address>',
        'replace this queue, or queues that a glob matches, and keep the messages; repeatable',
        collect,
      )
      .option('--skip-unsuitable', 'leave out queues that cannot be migrated, and name the reasons')
      .option('--rebind <address>', 'recreate the bindings of this hash or JMS exchange; repeatable', collect)
      .option(
        '--max-deletes <n>',
        'the maximum number of deletes in a plan, such as 5 or 30% (default 30%, if at least 10 objects are owned)',
      ),
  )
}

/** Adds the options that narrow a plan and permit single steps. */
export function addScopeOptions(command: Command): Command {
  return addNarrowingOptions(
    command.option(
      '--allow <step>',
      'allow a step: delete=, replace= or create= with an address or a glob; repeatable',
      collect,
    ),
  )
}

/** Adds the options that narrow a plan. */
export function addNarrowingOptions(command: Command): Command {
  return command
    .option('--target <glob>', 'plan only for addresses that match, such as queue:orders/*; repeatable', collect)
    .option('--exclude <glob>', 'leave out addresses that match; repeatable', collect)
}

/** Converts flags to the options of an operation; `environment` provides the defaults. */
export function modeOptions(flags: ModeFlags, environment: { readonly maxDeletes?: string } = {}): ModeOptions {
  const most = flags.maxDeletes ?? environment.maxDeletes
  const allowed = (flags.allow ?? []).map(permission)
  if (flags.skipUnsuitable === true && flags.migrate === undefined) {
    throw usageError(
      '--skip-unsuitable has no effect without --migrate, whose queues it leaves out',
      'name the queues with --migrate',
    )
  }
  return {
    prune: flags.prune === true,
    adopt: flags.adopt === true,
    allowDelete: allowed.flatMap(({ action, address }) => (action === 'delete' ? [address] : [])),
    allowReplace: allowed.flatMap(({ action, address }) => (action === 'replace' ? [address] : [])),
    allowCreate: allowed.flatMap(({ action, address }) => (action === 'create' ? [address] : [])),
    migrate: (flags.migrate ?? []).map(queueAddress),
    skipUnsuitable: flags.skipUnsuitable === true,
    rebind: (flags.rebind ?? []).map(rebindAddress),
    ...(most !== undefined && { maxDeletes: maxDeletes(most) }),
    targets: flags.target ?? [],
    excludes: flags.exclude ?? [],
  }
}

type Permitted = 'delete' | 'replace' | 'create'

function permission(text: string): { readonly action: Permitted; readonly address: string } {
  const [, action, address = ''] = /^(delete|replace|create)=(.*)$/s.exec(text) ?? []
  if (action === undefined || kindOf(address) === undefined) {
    throw usageError(
      `--allow ${text} does not name a step`,
      'write it as --allow delete=queue:orders/invoices, with an address of a plan',
    )
  }
  return { action: action as Permitted, address }
}

function queueAddress(address: string): string {
  if (kindOf(address) === 'queue') return address
  throw usageError(
    `--migrate ${address} does not name a queue`,
    'write it as --migrate queue:orders/invoices; to replace an exchange, pass --allow replace=ADDRESS',
  )
}

function rebindAddress(address: string): string {
  const kind = kindOf(address)
  if (kind === 'exchange' || kind === 'binding') return address
  throw usageError(
    `--rebind ${address} names neither an exchange nor a binding`,
    'write it as --rebind exchange:orders/by-customer, with an address as plans print it',
  )
}

const FROM_OWNED = 10

function maxDeletes(text: string): NonNullable<ModeOptions['maxDeletes']> {
  const [, number, percent] = /^(\d{1,9})(%?)$/.exec(text) ?? []
  if (number === undefined || (percent === '%' && Number(number) > 100)) {
    throw usageError(
      `--max-deletes ${text} is neither a number nor a percentage`,
      'write it as --max-deletes 5 or --max-deletes 30%',
    )
  }
  return percent === '%' ? { percent: Number(number), from: FROM_OWNED } : { count: Number(number) }
}
