import { shellWord } from '../../diagnostics/text/shell-word.ts'

/** The command that grants a user access to a vhost, without permission on any object. */
export function grantEntry(vhost: string, user: string): string {
  return `rabbitmqctl set_permissions -p ${shellWord(vhost)} ${shellWord(user)} '^$' '^$' '^$'`
}
