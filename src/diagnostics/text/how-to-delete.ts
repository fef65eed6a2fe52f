import { shellWord } from './shell-word.ts'

/** The command that deletes a queue whatever is in it, also one that answers no client. */
export function howToDelete(vhost: string, queue: string): string {
  return `rabbitmqctl delete_queue -p ${shellWord(vhost)} ${shellWord(queue)}`
}
