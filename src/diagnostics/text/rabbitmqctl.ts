import { shellWord } from './shell-word.ts'

/** The command that deletes a queue with its messages, even if the queue does not answer clients. */
export function howToDelete(vhost: string, queue: string): string {
  return `rabbitmqctl delete_queue -p ${shellWord(vhost)} ${shellWord(queue)}`
}

/** The command that grants a user access to a vhost, without permission on any object. */
export function grantEntry(vhost: string, user: string): string {
  return `rabbitmqctl set_permissions -p ${shellWord(vhost)} ${shellWord(user)} '^$' '^$' '^$'`
}
