import type { Rule } from '../../rule.ts'

export const rightsExceedRoutes: Rule = {
  id: 'rights-exceed-routes',
  group: 'rights',
  severity: 'warning',
  meaning:
    'The rights that `can` derives for a user allow more than its routes need, because RabbitMQ grants rights for whole exchanges.',
  remedy:
    'Publish through a topic exchange, on which `can` restricts the routing key too, or through an exchange only for this user.',
  adopts: ['writes-to-every-queue', 'replies-to-every-queue', 'publishes-with-any-key', 'dead-letters-beside-others'],
  // Only declarations show which routes a user has, and the warnings about the files already cover them all.
  check: () => [],
}
