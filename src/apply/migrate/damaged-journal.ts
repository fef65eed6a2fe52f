import { shellWord } from '../../diagnostics/text/shell-word.ts'
import { HOLDING_SUFFIX } from '../../model/generated-names.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import type { UnreadableParameter } from '../../broker/records/unreadable-parameter.ts'

/** An unfinished migration cannot be resumed from a journal that cannot be read, and such a journal is never overwritten. */
export function damagedJournal(project: string, vhost: string, { name, format }: UnreadableParameter): WarrenError {
  const journal = `the journal of unfinished moves of project ${JSON.stringify(project)} in vhost ${JSON.stringify(vhost)}`
  if (format !== undefined) {
    return new WarrenError(
      `${journal}, the global parameter ${name}, is of format ${format}, which this version of warren does not read`,
      { code: 'DAMAGED_RECORD', hint: `finish the migration with a version of warren that reads format ${format}` },
    )
  }
  return new WarrenError(`${journal} is damaged`, {
    code: 'DAMAGED_RECORD',
    hint:
      `look for messages in queues that end with "${HOLDING_SUFFIX}", and move them manually; the journal is the global parameter ${name}, ` +
      `which is removed with: rabbitmqctl clear_global_parameter ${shellWord(name)}`,
  })
}
