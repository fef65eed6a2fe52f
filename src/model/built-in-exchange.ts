/**
 * Whether an exchange is the broker's own: the default exchange and all `amq.` exchanges exist in every vhost, and
 * nobody can declare or delete them.
 */
export function isBuiltInExchange(name: string): boolean {
  return name === '' || name.startsWith('amq.')
}
