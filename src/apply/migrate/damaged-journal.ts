import { ExitCode } from '../../diagnostics/exit-code.ts'
import { shellWord } from '../../diagnostics/shell-word.ts'
import { WarrenError } from '../../diagnostics/warren-error.ts'
import { journalName } from '../../records/move-journal.ts'

/** What stopped runs have left to be done cannot be read, so nothing can be said to be done. */
export function damagedJournal(project: string, vhost: string): WarrenError {
  const name = journalName({ project, vhost })
  return new WarrenError(
    `the journal of unfinished moves of project ${JSON.stringify(project)} in vhost ${JSON.stringify(vhost)} is damaged`,
    {
      exitCode: ExitCode.blocked,
      hint:
        `look for messages in queues that end with ".moving", and move them by hand; the journal is the global parameter ${name}, ` +
        `which is removed with: rabbitmqctl clear_global_parameter ${shellWord(name)}`,
    },
  )
}
