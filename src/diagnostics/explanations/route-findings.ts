import type { ExplanationGroup } from './explanation.ts'

/** Findings of failure paths, routes, users and saved plans. */
export const ROUTE_FINDINGS: readonly ExplanationGroup[] = [
  {
    title: 'Failure paths',
    codes: {
      'retry-form': {
        meaning: '`retry` does not have one of its forms.',
        cause: 'Keys of two forms, or none.',
        remedy: 'Write one of the forms in the hint.',
      },
      'native-needs-quorum': {
        meaning: '`mode: native` needs a quorum queue.',
        cause: 'The queue is classic.',
        remedy: 'Change the type, or leave out `mode`.',
      },
      'native-not-linear': {
        meaning: 'The broker cannot produce these delays by itself.',
        cause: 'Delays that do not grow by the first delay each time.',
        remedy: 'Write a linear form, or leave out `mode`.',
      },
      'native-has-no-queues': {
        meaning: 'A property of delay queues has no meaning with `mode: native`.',
        cause: 'It remained after a change of `mode`.',
        remedy: 'Remove the property.',
      },
      'native-limit-too-low': {
        meaning: 'The delivery limit is reached before the last retry.',
        cause: 'A low `deliveryLimit`.',
        remedy: 'Raise it or leave it out.',
      },
      'no-delay-queue': {
        meaning: 'A delay of 0 seconds has no queue.',
        cause: 'A queue name for an immediate retry.',
        remedy: 'Remove `queue`.',
      },
      'delay-named-twice': {
        meaning: 'One delay has two queues.',
        cause: 'Two names for the same delay.',
        remedy: 'Use one name.',
      },
      'via-needs-routing-key': {
        meaning: '`via` needs a routing key.',
        cause: 'A topic or direct exchange without one.',
        remedy: 'Write the key of the binding.',
      },
      'retry-without-dead-letter': {
        meaning: 'It is not declared what happens after the last retry.',
        cause: 'A missing `deadLetter`.',
        remedy: 'Add `deadLetter: true`, or `then: discard`.',
      },
      'discard-and-dead-letter': {
        meaning: '`then: discard` contradicts `deadLetter`.',
        cause: 'Both were written.',
        remedy: 'Remove one.',
      },
      'retry-into-full-queue': {
        meaning: 'A message that returns to a full queue would be lost.',
        cause: '`overflow: reject-publish` on a classic queue.',
        remedy: 'Write `reject-publish-dlx`, or use a quorum queue.',
      },
      'at-least-once-impossible': {
        meaning: 'The queue cannot dead-letter at least once.',
        cause: 'A classic queue, or another `overflow`.',
        remedy: 'Use a quorum queue with `overflow: reject-publish`.',
      },
      'dead-letter-key-is-fixed': {
        meaning: 'The routing key of dead letters cannot be chosen here.',
        cause: 'A `routingKey` without an exchange.',
        remedy: 'Remove it, or name the exchange.',
      },
      'dead-letter-exchange-type': {
        meaning: 'A dead-letter queue cannot be bound to this exchange by a key.',
        cause: 'A headers or plugin exchange.',
        remedy: 'Write `queue: false` and bind a queue yourself.',
      },
      'dead-letters-to-itself': {
        meaning: 'A queue is its own dead-letter queue.',
        cause: 'A wrong name.',
        remedy: 'Use another name.',
      },
      'dead-letters-lost': {
        meaning: 'Dead letters go where nothing receives them.',
        cause: '`queue: false` without a binding.',
        remedy: 'Bind a queue, or remove `queue: false`.',
      },
      'limits-without-queue': {
        meaning: 'A limit is set for a dead-letter queue that `queue: false` does not create.',
        cause: 'It remained from an earlier version of the files.',
        remedy: 'Remove the limit.',
      },
      'dead-letter-limits-twice': {
        meaning: 'A dead-letter queue has limits in two places.',
        cause: 'It is also declared as a queue of its own.',
        remedy: 'Move the limits to its declaration.',
      },
      'derived-name-too-long': {
        meaning: 'A derived queue would have a name of more than 255 bytes.',
        cause: 'A long queue name.',
        remedy: 'Shorten it.',
      },
      'derived-name-taken': {
        meaning: 'A declared object has the name of a derived one.',
        cause: 'A manual queue from before.',
        remedy: 'Rename one, or name the queue in `retry` or `deadLetter`.',
      },
      'derived-queue-differs': {
        meaning: 'A declared queue differs from the queue that `retry` or `deadLetter` needs.',
        cause: 'Other properties.',
        remedy: 'Declare the properties that the hint lists.',
      },
      'on-failure-with-ladder': {
        meaning: '`onFailure` has no effect here.',
        cause: 'The queue has `retry` or `deadLetter`.',
        remedy: 'Remove it.',
      },
    },
  },
  {
    title: 'Publications, subscriptions and users',
    codes: {
      'publication-route': {
        meaning: 'A publication or request names both an exchange and a queue, or neither.',
        cause: 'Two forms are mixed.',
        remedy: 'Keep one.',
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
