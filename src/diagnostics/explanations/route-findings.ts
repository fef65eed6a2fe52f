import type { ExplanationGroup } from './explanation.ts'

/** Findings of routes, users and saved plans. */
export const ROUTE_FINDINGS: readonly ExplanationGroup[] = [
  {
    title: 'Publications, subscriptions and users',
    codes: {
      'publication-route': {
        meaning: 'A publication or request does not name exactly one of an exchange, a queue and a super stream.',
        cause: 'Two forms are mixed.',
        remedy: 'Keep one.',
      },
      'delays-need-exchange': {
        meaning: '`delays` needs a publication with an `exchange`.',
        cause: 'The publication goes to a `queue`, through the default exchange.',
        remedy: 'Publish to an exchange, and bind the queue to it.',
      },
      'delays-with-expiration': {
        meaning: 'A publication has both `delays` and an `expiration`.',
        cause: 'A time limit for messages that are not delayed.',
        remedy: 'Remove `expiration`, and set `messageTtl` on the queues where messages may wait.',
      },
      'delay-listed-twice': {
        meaning: 'A publication lists a delay twice.',
        cause: 'The same time in two units, such as `60s` and `1m`.',
        remedy: 'Remove one of the two.',
      },
      'delay-name-taken': {
        meaning: 'An object has the name that a delay of a publication needs.',
        cause: 'It was declared explicitly before, such as `orders.delay.10m`.',
        remedy: 'Rename or remove it.',
      },
      'request-named-twice': {
        meaning: 'A request and a publication have the same name.',
        cause: 'A publication became a request, and its old declaration was kept.',
        remedy: 'Rename or remove one.',
      },
      'request-without-subscription': {
        meaning: '`can: { respond }` names a request without a `subscription`.',
        cause: 'The responder consumes the queue of the request by a subscription, which the request does not name.',
        remedy: 'Write `subscription` in the request.',
      },
      'routing-key-with-queue': {
        meaning: 'A publication to a queue has a routing key.',
        cause: "The queue's name is the key.",
        remedy: 'Remove it.',
      },
      'routing-key-braces': {
        meaning: 'A brace in a routing key belongs to no parameter.',
        cause: 'A typo.',
        remedy: 'Write `{userId}`.',
      },
      'schema-unreadable': {
        meaning: 'A message schema cannot be read.',
        cause: 'The path is relative to the file in which it is written.',
        remedy: 'Correct the path.',
      },
      'schema-not-json': {
        meaning: 'A message schema is not JSON Schema.',
        cause: 'Another format.',
        remedy: 'Write a JSON object, `true` or `false`.',
      },
      'not-formatted': {
        meaning: '`warren fmt` cannot format a file without losing a comment.',
        cause: 'A comment in an unusual place.',
        remedy: 'Move the comment, or format the file manually.',
      },
      'schema-invalid': {
        meaning: 'A message schema is not valid.',
        cause: 'A misspelled keyword, or a reference to another file.',
        remedy: 'Correct the schema.',
      },
      'secret-in-compiled': {
        meaning: 'A secret would be part of the compiled topology.',
        cause: 'A `${file:}` reference or a login in a value that the runtime reads.',
        remedy: 'Use `${env:}` or `${var:}`.',
      },
      'secret-in-rendered': {
        meaning: 'A secret would be part of the rendered topology.',
        cause: 'A password, hash or login in the file, from `${var:}` or as the default of `${env:}`.',
        remedy: 'Write `${env:NAME}` or `${file:path}` only.',
      },
      'version-not-accepted': {
        meaning: '`accepts` of a message does not contain its `version`.',
        cause: 'The version was raised, and `accepts` still lists the older ones.',
        remedy: 'Add the version to `accepts`.',
      },
      'schema-of-other-version': {
        meaning: '`schemas` of a message names a version that is not an accepted older one.',
        cause: 'The version was removed from `accepts`, or is that of `schema`.',
        remedy: 'Remove the schema, or add the version to `accepts`.',
      },
      'version-header-declared': {
        meaning: 'A publication with `message.version` also declares the header `message-version`.',
        cause: 'The version was declared as a header before.',
        remedy: 'Remove the header: warren sets it from `message.version`.',
      },
      'subscription-source': {
        meaning: 'A subscription names both a queue and a super stream, or neither.',
        cause: 'Two forms are mixed.',
        remedy: 'Keep one.',
      },
      'offset-without-stream': {
        meaning: '`offset` on a queue that is not a stream.',
        cause: 'The type was changed.',
        remedy: 'Remove it.',
      },
      'external-user-changed': {
        meaning: 'The declaration of an external user sets properties.',
        cause: '`external: true` next to a password.',
        remedy: 'Remove one of the two.',
      },
      'password-and-hash': {
        meaning: 'A user has a password and a hash.',
        cause: 'Both were written.',
        remedy: 'Keep one.',
      },
      'hash-not-base64': {
        meaning: '`passwordHash` is not Base64.',
        cause: 'A password or a hexadecimal hash in its place.',
        remedy: 'Write the hash as an export prints it.',
      },
      'algorithm-without-hash': {
        meaning: '`hashingAlgorithm` without `passwordHash`.',
        cause: 'The hash was removed.',
        remedy: 'Remove it or add the hash.',
      },
      'permissions-and-can': {
        meaning: 'A user has both `permissions` and `can` in a vhost.',
        cause: 'Permissions written in two ways for the same user and vhost.',
        remedy: 'Keep one.',
      },
      'topic-permission-and-can': {
        meaning: '`can` already derives this topic permission.',
        cause: 'Both were written.',
        remedy: 'Keep one.',
      },
      'pattern-too-long': {
        meaning: 'A derived permission is longer than RabbitMQ takes.',
        cause: 'Many routes of one user.',
        remedy: 'Split the routes between users.',
      },
    },
  },
  {
    title: 'Passwords, saved plans and definitions files',
    codes: {
      'secret-missing': {
        meaning: 'A required password is not available from any source.',
        cause: 'A variable that is only set in production.',
        remedy: 'Set the variable or file that the hint names.',
      },
      'value-missing': {
        meaning: 'A required value is not available from any source.',
        cause: 'A variable missing at the time of the apply.',
        remedy: 'Set the variable or file that the hint names.',
      },
      'secret-in-saved-plan': {
        meaning: 'A saved plan would contain a secret.',
        cause: 'A password that is written in the file.',
        remedy: 'Write it as a reference.',
      },
      'saved-plan-unreadable': {
        meaning: 'A file is not a saved plan.',
        cause: 'The wrong file, or a damaged one.',
        remedy: 'Save one with `warren plan --out plan.json`.',
      },
      'saved-plan-format': {
        meaning: 'A saved plan is of a format that this version does not read.',
        cause: 'Another version saved it.',
        remedy: 'Plan again.',
      },
      'saved-plan-changed': {
        meaning: 'A saved plan was changed after it was saved.',
        cause: 'A manual edit.',
        remedy: 'Change the files, and plan again.',
      },
      'definitions-not-json': {
        meaning: 'A definitions file is not JSON.',
        cause: 'A damaged download.',
        remedy: 'Export it again.',
      },
      'definitions-not-exported': {
        meaning: 'A file does not have the form of exported definitions.',
        cause: 'Another JSON file.',
        remedy: 'Pass the answer of `GET /api/definitions`.',
      },
      'definitions-without-vhost': {
        meaning: 'A definitions file does not say which vhost it was exported from.',
        cause: 'An export of one vhost from a RabbitMQ before 4.0.5.',
        remedy: 'Name it with `--vhost`.',
      },
      'definitions-of-one-vhost': {
        meaning: 'The definitions of one vhost are compared with other vhosts.',
        cause: 'An export of one vhost.',
        remedy: 'Map it with `--vhost`, or export the whole broker.',
      },
    },
  },
]
