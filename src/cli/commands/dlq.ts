import type { AddCommand } from './add-command.ts'
import { addDlqListCommand } from './dlq/list.ts'
import { addDlqPeekCommand } from './dlq/peek.ts'
import { addDlqPurgeCommand } from './dlq/purge.ts'
import { addDlqReplayCommand } from './dlq/replay.ts'

const EXAMPLES = `
Examples:
  warren dlq list topology.yaml --reasons           # how many dead letters each queue has, and why
  warren dlq peek email topology.yaml --body        # the first 20 messages of email.dead, which keeps them
  warren dlq replay email topology.yaml --rate 50/s # back to email, with their attempts reset
  warren dlq purge email topology.yaml --reason invalid

QUEUE is the name or address (queue:%2F/email) of a dead-letter queue in the files, or of a queue that has one.
`

/** `warren dlq list|peek|replay|purge`: the dead letters of a topology. */
export const addDlqCommand: AddCommand = (program, io, exitWith) => {
  const dlq = program
    .command('dlq')
    .description('list dead letters, replay them to the queue where they failed, or delete them')
    .addHelpText('after', EXAMPLES)
  for (const add of [addDlqListCommand, addDlqPeekCommand, addDlqReplayCommand, addDlqPurgeCommand])
    add(dlq, io, exitWith)
}
