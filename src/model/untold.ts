/**
 * What a definitions file may not tell of a broker: whole kinds of objects, exchanges that only other exchanges may
 * publish to, and description, tags and default queue type of virtual hosts.
 */
export type Untold =
  'users' | 'permissions' | 'topic-permissions' | 'global-parameters' | 'internal-exchanges' | 'vhost-metadata'
