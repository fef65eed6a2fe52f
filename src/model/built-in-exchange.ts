/**
 * Whether an exchange is the broker's own: the default exchange and all `amq.` ones are in every vhost from the start,
 * and nobody can declare or delete them.
 */
export function isBuiltInExchange(name: string): boolean {
  return name === '' || name.startsWith('amq.')
}
