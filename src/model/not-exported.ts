/**
 * Unknown state of a broker, because a definitions file lacks it or a login may not read it: whole kinds of objects,
 * internal exchanges, and description, tags, default queue type and limits of virtual hosts.
 */
export type NotExported =
  | 'exchanges'
  | 'queues'
  | 'bindings'
  | 'policies'
  | 'operator-policies'
  | 'parameters'
  | 'vhost-limits'
  | 'users'
  | 'permissions'
  | 'topic-permissions'
  | 'global-parameters'
  | 'internal-exchanges'
  | 'vhost-metadata'
