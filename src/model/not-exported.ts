/**
 * What is not known of a broker, since a definitions file leaves it out or a login may not read it: whole kinds of objects,
 * exchanges that only other exchanges may publish to, and description, tags, default queue type and limits of virtual hosts.
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
