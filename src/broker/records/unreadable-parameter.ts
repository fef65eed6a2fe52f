import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'

/** A global parameter with the name of a record or journal that contains something else, or a newer format. */
export interface UnreadableParameter {
  readonly name: string
  /** The format that it names, if this version is too old for it. */
  readonly format?: number
  /** The virtual host that it names. */
  readonly vhost?: string
}

/**
 * Describes a global parameter that could not be read.
 *
 * @param newest the newest format that this version reads
 */
export function unreadable(name: string, value: unknown, newest: number): UnreadableParameter {
  const { format, vhost } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>
  return {
    name,
    ...(typeof format === 'number' && format > newest && { format }),
    ...(typeof vhost === 'string' && { vhost }),
  }
}

/** A record that cannot be read is never overwritten. */
export function unreadableRecord({ name, format }: UnreadableParameter): WarrenError {
  const record = `the ownership record ${name} on the broker`
  return format === undefined
    ? new WarrenError(`${record} is damaged, and warren does not overwrite it`, {
        code: 'DAMAGED_RECORD',
        hint: `restore it, or remove it with: rabbitmqctl clear_global_parameter ${shellWord(name)}`,
      })
    : new WarrenError(`${record} has format ${format}, which this version of warren cannot read`, {
        code: 'DAMAGED_RECORD',
        hint: `use a version of warren that reads format ${format}`,
      })
}
