import { shellWord } from '../../diagnostics/text/shell-word.ts'

/** The command that lets a user into a vhost, without a right to anything in it. */
export function grantEntry(vhost: string, user: string): string {
  return `rabbitmqctl set_permissions -p ${shellWord(vhost)} ${shellWord(user)} '^$' '^$' '^$'`
}
