import {
  binding,
  clusterName,
  type DefinitionsCase,
  EMPTY,
  exchange,
  operatorPolicy,
  permission,
  policy,
  queue,
  user,
} from './definitions-case.ts'

const SUITE = 'rabbitmq/rabbitmq-server deps/rabbit/test/definition_import_SUITE_data/'
const GUEST = { users: [user('guest', 'administrator')], permissions: [permission('guest')] }
const DEFAULT_VHOST = { name: '/', limits: [], metadata: { description: 'Default virtual host', tags: [] } }

/** Exports of brokers, modeled on the import tests of RabbitMQ. */
export const BROKER_CASES: readonly DefinitionsCase[] = [
  {
    has: 'policies of mirrored queues, which newer versions refuse, and one name for the version',
    after: `${SUITE}case1.json`,
    file: {
      rabbit_version: '3.6.9',
      users: [user('project_admin')],
      vhosts: [{ name: '/' }],
      permissions: [permission('project_admin')],
      policies: [
        policy('nd-s', '^project-nd-s-', { expires: 1_800_000, 'max-length': 50_000 }, { priority: 1 }),
        policy('d-s', '^project-d-s-', { 'ha-mode': 'exactly', 'ha-params': 3, 'queue-mode': 'lazy' }, { priority: 1 }),
      ],
      exchanges: [exchange('project.topic.default', 'topic')],
      queues: [],
      bindings: [],
    },
  },
  {
    has: 'no objects but a login',
    after: `${SUITE}case2.json`,
    file: {
      ...EMPTY,
      rabbit_version: '3.7.0-rc.1',
      ...GUEST,
      vhosts: [{ name: '/' }],
      global_parameters: [clusterName('a')],
    },
  },
  {
    has: 'a transient queue that is not exclusive, and bindings to a built-in exchange',
    after: `${SUITE}case3.json`,
    file: {
      ...EMPTY,
      rabbit_version: '3.7.0-alpha.381',
      ...GUEST,
      vhosts: [{ name: '/' }],
      policies: [policy('replicas', '.*', { 'ha-mode': 'exactly', 'ha-params': 2, 'ha-sync-mode': 'automatic' })],
      queues: [
        queue('lazy-1', { arguments: { 'x-queue-mode': 'lazy' } }),
        queue('load-1', { arguments: { 'x-queue-mode': 'default' } }),
        queue('aliveness-test', { durable: false }),
      ],
      bindings: [binding('amq.direct', 'lazy-1', 'lazy-1'), binding('amq.direct', 'load-1', 'load-1')],
    },
  },
  {
    has: 'a version that no broker has',
    after: `${SUITE}case4.json`,
    file: {
      ...EMPTY,
      rabbit_version: '0.0.0',
      ...GUEST,
      vhosts: [{ name: '/' }],
      policies: [policy('abc', '^abc\\.', { 'queue-master-locator': 'client-local' }, { 'apply-to': 'all' })],
      queues: [queue('abc.def', { durable: false })],
    },
  },
  {
    has: 'a global parameter of a plugin',
    after: `${SUITE}case5.json`,
    file: {
      ...EMPTY,
      rabbit_version: '3.7.2',
      users: [user('guest', 'administrator')],
      vhosts: [{ name: '/' }, { name: 'vhost2' }],
      permissions: [permission('guest'), permission('guest', 'vhost2')],
      global_parameters: [
        { name: 'mqtt_port_to_vhost_mapping', value: { 1883: '/', 1884: 'vhost2' } },
        clusterName('rabbit'),
      ],
    },
  },
  {
    has: 'limits of a virtual host',
    after: `${SUITE}case6.json`,
    file: {
      ...EMPTY,
      rabbit_version: '3.7.3+10.g41ec73b',
      ...GUEST,
      vhosts: [{ name: '/' }],
      parameters: [
        {
          value: { 'max-queues': 456, 'max-connections': 123 },
          vhost: '/',
          component: 'vhost-limits',
          name: 'limits',
        },
      ],
    },
  },
  {
    has: 'an operator policy and subscriptions of STOMP clients',
    after: `${SUITE}case7.json`,
    file: {
      ...EMPTY,
      rabbit_version: '3.7.4',
      users: [user('reader'), user('guest', 'administrator')],
      vhosts: [{ name: 'testbed' }, { name: '/' }],
      permissions: [{ ...permission('reader', 'testbed'), configure: '^---$', write: '^---$' }, permission('guest')],
      parameters: [operatorPolicy('archive', '^apd\\\\.archive.*$', { 'max-length-bytes': 200_000_000 }, 0)],
      queues: [queue('test'), queue('stomp-subscription-As-CQ37wutHLc9H0PmjIPw')],
      bindings: [binding('amq.topic', 'stomp-subscription-As-CQ37wutHLc9H0PmjIPw', 'durable-shared')],
    },
  },
  {
    has: 'temporary queues of tests with random names, and an alternate exchange that is deleted with its queues',
    after: `${SUITE}case9/case9a.json`,
    file: {
      ...EMPTY,
      rabbit_version: '3.7.13',
      ...GUEST,
      vhosts: [{ name: 'testbed' }, { name: '/' }],
      queues: [
        queue('bunny.basic_consume0.1364356981103202', { vhost: 'testbed', durable: false, auto_delete: true }),
        queue('recovery.q1', { auto_delete: true }),
        queue('q1'),
      ],
      exchanges: [
        exchange('dead-letter', 'fanout', { durable: false, auto_delete: true }),
        exchange('topic5', 'topic', { durable: false }),
        exchange('direct1', 'direct', {
          durable: false,
          auto_delete: true,
          arguments: { 'alternate-exchange': 'dead-letter' },
        }),
      ],
      bindings: [binding('dead-letter', 'q1', '#')],
    },
  },
  {
    has: 'a federation upstream next to limits of the virtual host',
    after: `${SUITE}case10/case10b.json`,
    file: {
      ...EMPTY,
      rabbit_version: '3.7.13',
      ...GUEST,
      vhosts: [{ name: '/' }],
      parameters: [
        {
          value: { expires: 3_600_000, uri: 'amqp://broker.example:5673' },
          vhost: '/',
          component: 'federation-upstream',
          name: 'up-hare',
        },
        { value: { 'max-connections': 2000 }, vhost: '/', component: 'vhost-limits', name: 'limits' },
      ],
    },
  },
  {
    has: 'names that are reserved for the broker, and no virtual hosts',
    after: `${SUITE}case11.json`,
    file: {
      rabbit_version: '3.8.0+rc.1.5.g9148053',
      rabbitmq_version: '3.8.0+rc.1.5.g9148053',
      queues: [queue('amq.queuebar')],
      exchanges: [exchange('amq.foobar', 'direct')],
    },
  },
  {
    has: 'the type of a queue in a field as well as in an argument',
    after: `${SUITE}case13.json`,
    file: {
      ...EMPTY,
      rabbitmq_version: '3.8.6.gad0c0bd',
      ...GUEST,
      vhosts: [{ limits: [], name: '/' }],
      queues: [queue('qq.1', { type: 'quorum', arguments: { 'x-max-length': 991, 'x-queue-type': 'quorum' } })],
    },
  },
  {
    has: 'objects without arguments',
    after: `${SUITE}case14.json`,
    file: {
      vhosts: [{ name: '/' }],
      exchanges: [{ name: 'x_demo', vhost: '/', type: 'fanout', durable: true, auto_delete: false, internal: false }],
      queues: [{ name: 'q_demo', vhost: '/', durable: true, auto_delete: false }],
      bindings: [{ source: 'x_demo', vhost: '/', destination: 'q_demo', destination_type: 'queue', routing_key: '#' }],
    },
  },
  {
    has: 'the tags of one user as a text and those of another as a list',
    after: `${SUITE}case15.json`,
    file: {
      ...EMPTY,
      rabbitmq_version: '3.9.0',
      users: [user('guest', 'administrator'), user('tagged', ['monitoring', 'policymaker', 'impersonator'])],
      permissions: [permission('guest')],
      vhosts: [DEFAULT_VHOST],
    },
  },
  {
    has: 'limits of a user',
    after: `${SUITE}case18.json`,
    file: {
      ...EMPTY,
      rabbitmq_version: '3.9.1',
      users: [user('limited', ['administrator'], { limits: { 'max-connections': 2 } })],
      permissions: [permission('limited')],
      vhosts: [{ limits: [], name: '/' }],
    },
  },
  {
    has: 'a protected virtual host with a default queue type',
    after: `${SUITE}case22.json`,
    file: {
      ...EMPTY,
      rabbitmq_version: '4.0.6',
      ...GUEST,
      vhosts: [
        {
          limits: [],
          name: '/',
          description: '',
          metadata: { description: '', tags: [], default_queue_type: 'classic' },
          tags: [],
          default_queue_type: 'classic',
        },
        {
          name: 'protected',
          description: 'protected, DQT = quorum',
          metadata: {
            description: 'DQT = quorum',
            tags: [],
            default_queue_type: 'quorum',
            protected_from_deletion: true,
          },
          tags: [],
          default_queue_type: 'quorum',
        },
      ],
      queues: [queue('q', { vhost: 'protected', arguments: { 'x-queue-type': 'quorum' } })],
    },
  },
  {
    has: 'several operator policies with limits',
    after: `${SUITE}case25.json`,
    file: {
      ...EMPTY,
      rabbit_version: '4.2.0',
      ...GUEST,
      vhosts: [{ name: '/' }],
      parameters: [
        operatorPolicy('transient', '^transient\\.', { expires: 300_000, 'message-ttl': 60_000 }, 10),
        operatorPolicy('archive', '^archive\\.', { expires: 2_592_000_000, 'max-length-bytes': 1_073_741_824 }),
      ],
    },
  },
  {
    has: 'a set of federation upstreams, which is a list',
    after: 'rabbitmq/rabbitmq-server deps/rabbitmq_queue_federation/test/definition_import_SUITE_data/case1.json',
    file: {
      ...EMPTY,
      rabbitmq_version: '3.13.0+376.g1bc0d89.dirty',
      ...GUEST,
      vhosts: [DEFAULT_VHOST],
      parameters: [
        {
          component: 'federation-upstream-set',
          name: 'location-1',
          value: [{ upstream: 'up-1' }, { upstream: 'up-2' }],
          vhost: '/',
        },
      ],
    },
  },
  {
    has: 'many bindings of one queue by keys that differ in one character',
    after: 'rabbitmq/rabbitmq-server deps/rabbit/test/direct_exchange_routing_v2_SUITE_data/definition.json',
    file: {
      ...EMPTY,
      rabbitmq_version: '3.8.10+1551.gaf6c358.dirty',
      ...GUEST,
      vhosts: [{ limits: [], name: '/' }],
      exchanges: [exchange('direct', 'direct'), exchange('topic', 'topic')],
      queues: [queue('q')],
      bindings: ['direct', 'topic'].flatMap((source) =>
        Array.from({ length: 20 }, (_, at) => binding(source, 'q', `key.${at}`)),
      ),
    },
  },
  {
    has: 'one exchange and one upstream, and no users',
    after: 'rabbitmq/rabbitmq-server deps/rabbitmq_cli/test/fixtures/files/definitions.json',
    file: {
      rabbit_version: '3.7.21',
      vhosts: [{ name: '/' }],
      exchanges: [exchange('project.topic.default', 'topic')],
      parameters: [
        {
          component: 'federation-upstream',
          name: 'up-1',
          value: { 'ack-mode': 'on-confirm', 'trust-user-id': false, uri: 'amqp://127.0.0.1:5672' },
          vhost: '/',
        },
      ],
    },
  },
]
