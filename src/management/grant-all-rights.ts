import { shellWord } from '../diagnostics/shell-word.ts'

/** The command that gives a user all rights in a vhost. */
export function grantAllRights(vhost: string, user: string): string {
  return `rabbitmqctl set_permissions -p ${shellWord(vhost)} ${shellWord(user)} '.*' '.*' '.*'`
}
