import {
  binding,
  clusterName,
  type DefinitionsCase,
  EMPTY,
  exchange,
  permission,
  policy,
  queue,
  user,
} from './definitions-case.ts'

/** Files that people wrote or edited, modeled on those of public projects. */
export const PROJECT_CASES: readonly DefinitionsCase[] = [
  {
    has: 'passwords in clear text, and a user without any who logs in by certificate',
    after: 'ArieGato/serilog-sinks-rabbitmq docker/rabbitmq/ssl-cert/definitions.json',
    file: {
      vhosts: [{ name: '/' }],
      users: [
        { name: 'serilog', password: 'serilog', tags: 'administrator' },
        { name: 'RabbitMQ Client SSL', tags: 'administrator' },
      ],
      permissions: [permission('serilog'), permission('RabbitMQ Client SSL')],
      exchanges: [exchange('serilog-sink-exchange', 'fanout')],
      queues: [queue('serilog-sink-queue')],
      bindings: [binding('serilog-sink-exchange', 'serilog-sink-queue', '*')],
    },
  },
  {
    has: 'an empty list of virtual hosts, and shovels of one that exists',
    after: 'BiobankLab/sensitive-data-archive rabbitmq/federation.json',
    file: {
      ...EMPTY,
      rabbitmq_version: '3.11.11',
      vhosts: [],
      queues: [queue('from_cega', { vhost: 'sda' })],
      exchanges: [exchange('to_cega', 'topic', { vhost: 'sda' })],
      parameters: [
        {
          component: 'shovel',
          name: 'cega_completed',
          value: {
            'ack-mode': 'on-confirm',
            'dest-exchange': 'to_cega',
            'dest-exchange-key': 'files.completed',
            'dest-protocol': 'amqp091',
            'dest-uri': 'amqp:///sda',
            'src-delete-after': 'never',
            'src-protocol': 'amqp091',
            'src-queue': 'completed_stream',
            'src-uri': 'amqp:///sda',
          },
          vhost: 'sda',
        },
      ],
    },
  },
  {
    has: 'streams, dead letters and an exchange that is bound by many keys',
    after: 'BiobankLab/sensitive-data-archive rabbitmq/definitions.json',
    file: {
      ...EMPTY,
      rabbitmq_version: '3.11.11',
      users: [user('admin', 'administrator')],
      permissions: [permission('admin', 'sda')],
      vhosts: [{ name: 'sda' }],
      policies: [policy('CEGA', 'cega', { 'federation-upstream-set': 'all' }, { vhost: 'sda', 'apply-to': 'all' })],
      queues: [
        queue('archived', {
          vhost: 'sda',
          arguments: { 'x-dead-letter-exchange': 'sda.dead', 'x-dead-letter-routing-key': 'archived' },
        }),
        queue('archived_stream', { vhost: 'sda', arguments: { 'x-queue-type': 'stream' } }),
      ],
      exchanges: [exchange('sda', 'topic', { vhost: 'sda' }), exchange('sda.dead', 'topic', { vhost: 'sda' })],
      bindings: ['archived', 'archived_stream'].map((name) => binding('sda', name, 'archived', { vhost: 'sda' })),
    },
  },
  {
    has: 'users with rights on single objects, and no version',
    after: 'CZERTAINLY/Provisioning-RabbitMQ rabbitmq/definitions.json',
    file: {
      users: [user('admin', ['administrator'], { limits: {} }), user('proxy', []), user('core', [])],
      vhosts: [
        {
          name: 'czertainly',
          description: '',
          metadata: { description: '', tags: [], default_queue_type: 'classic' },
          tags: [],
        },
      ],
      permissions: [
        permission('admin', 'czertainly'),
        { user: 'proxy', vhost: 'czertainly', configure: '', write: '^czertainly-proxy$', read: '^proxy\\..*$' },
      ],
      exchanges: [exchange('czertainly', 'direct', { vhost: 'czertainly' })],
      queues: [queue('core.audit', { vhost: 'czertainly', type: 'quorum', arguments: { 'x-queue-type': 'quorum' } })],
      bindings: [binding('czertainly', 'core.audit', 'audit', { vhost: 'czertainly' })],
    },
  },
  {
    has: 'permissions in a virtual host that the file does not list',
    after: '2327/dc_rabbitmq_federation definitions_.json',
    file: {
      ...EMPTY,
      rabbit_version: '3.6.16',
      users: [user('rmq', 'administrator')],
      vhosts: [{ name: 'eventservice' }],
      permissions: [permission('rmq', 'test'), permission('rmq', 'eventservice')],
      parameters: [
        {
          value: { uri: 'amqp://rmq:rmqpass@federation-1.example/test1', 'ack-mode': 'on-confirm', 'max-hops': 1 },
          vhost: 'eventservice',
          component: 'federation-upstream',
          name: 'federated.from',
        },
      ],
      policies: [
        policy(
          'federated policy',
          '^federated\\.',
          { 'federation-upstream-set': 'all' },
          { vhost: 'eventservice', 'apply-to': 'exchanges' },
        ),
      ],
      queues: [queue('queue', { vhost: 'eventservice' })],
      exchanges: [exchange('federated.from', 'topic', { vhost: 'eventservice' })],
      bindings: [binding('federated.from', 'queue', 'nf.material.#', { vhost: 'eventservice' })],
    },
  },
  {
    has: 'an argument of a queue on an exchange',
    after: 'Grandys/rabbitmq-api-gateway rabbitmq/definitions.json',
    file: {
      ...EMPTY,
      rabbitmq_version: '3.9.13',
      users: [user('guest', ['administrator'], { limits: {} })],
      permissions: [permission('guest')],
      vhosts: [{ name: '/' }],
      global_parameters: [clusterName('rabbit@local'), { name: 'internal_cluster_id', value: 'rabbitmq-cluster-id-1' }],
      queues: [
        queue('client', {
          arguments: {
            'x-dead-letter-exchange': '',
            'x-dead-letter-routing-key': 'client.dlq',
            'x-queue-type': 'quorum',
          },
        }),
        queue('client.dlq', { arguments: { 'x-queue-type': 'quorum' } }),
      ],
      exchanges: [exchange('notifications', 'topic', { arguments: { 'x-queue-type': 'quorum' } })],
      bindings: [binding('notifications', 'client', '*')],
    },
  },
  {
    has: 'lazy queues of a named type',
    after: 'EdwinDMendezR/rabbitmq-compose definitions.json',
    file: {
      ...EMPTY,
      rabbitmq_version: '3.8.9',
      users: [user('rabbitmq', 'administrator')],
      vhosts: [{ name: '/' }, { name: 'seguros.vh' }],
      permissions: [permission('rabbitmq', 'seguros.vh')],
      queues: ['one', 'two'].map((name) =>
        queue(name, { vhost: 'seguros.vh', arguments: { 'x-queue-mode': 'lazy', 'x-queue-type': 'classic' } }),
      ),
      exchanges: [exchange('testing', 'direct', { vhost: 'seguros.vh' })],
      bindings: ['one', 'two'].map((name) => binding('testing', name, name, { vhost: 'seguros.vh' })),
    },
  },
  {
    has: 'a login and nothing else',
    after: 'Cptrex/b2b-operations-platform docker/rabbitmq/definitions.json',
    file: {
      users: [{ name: 'admin', password: 'admin', tags: 'administrator' }],
      vhosts: [{ name: '/' }],
      permissions: [permission('admin')],
    },
  },
  {
    has: 'rights of a user that it does not list',
    after: 'rabbitmq/rabbitmq-server deps/rabbit/test/definition_import_SUITE_data/case18.json',
    file: {
      ...EMPTY,
      rabbitmq_version: '3.9.1',
      users: [user('limited_guest', ['administrator'], { limits: { 'max-connections': 2 } })],
      permissions: [permission('guest')],
      vhosts: [
        { limits: [], name: '/' },
        { limits: [], name: 'tagged' },
      ],
    },
  },
]
