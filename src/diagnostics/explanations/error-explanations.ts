import type { ExplanationGroup } from './explanation.ts'
import { RUNTIME_ERRORS } from './runtime-errors.ts'

/** The meaning of each error code, in the groups of docs/reference/errors.md. */
export const ERROR_EXPLANATIONS: readonly ExplanationGroup[] = [
  {
    title: 'The files, the options or the command line are wrong',
    codes: {
      INVALID_INPUT: {
        meaning: 'The topology files, a saved plan or a definitions file have findings.',
        cause: 'A mistake in a file.',
        remedy: 'Correct the places that the findings name; `warren explain` with the code of a finding says more.',
      },
      INVALID_USAGE: {
        meaning: 'The command line or the environment of the command is not valid.',
        cause: 'A wrong value of an option, two options that exclude each other, or settings from two sources.',
        remedy: 'Follow the hint; `warren COMMAND --help` lists the options.',
      },
      INVALID_OPTION: {
        meaning: 'An option or argument of a library function is not valid.',
        cause: 'A misspelled name or a number out of range, mostly in a program without type checking.',
        remedy: 'Correct the option that the message names.',
      },
      INVALID_CONNECTION: {
        meaning: 'The settings for a connection are not valid.',
        cause: 'A URL with a wrong scheme, a password file that cannot be read, settings that contradict each other.',
        remedy: 'Correct the URL, the variable or the file that the message names.',
      },
      INVALID_COMPILED_TOPOLOGY: {
        meaning: 'A file is not a compiled topology that this version can read.',
        cause: 'A topology file instead of a compiled one, or a file that another version compiled.',
        remedy: 'Compile it again: `warren compile TOPOLOGY --out topology.json`.',
      },
      INVALID_PLAN: {
        meaning: 'A plan cannot be saved, or a reference would change the name of an object in it.',
        cause: 'A plan against a definitions file, or a secret that equals a name in the plan.',
        remedy: 'Plan against the broker again, or apply the files with `--expect-digest`.',
      },
      INVALID_SCHEMA: {
        meaning: 'The schema or validator of a route is not valid.',
        cause: 'A schema that is not valid JSON Schema, or a validator that returns a promise.',
        remedy: 'Correct the schema, or pass a synchronous validator that follows Standard Schema.',
      },
      INVALID_MESSAGE: {
        meaning: 'A message does not fit the schema or content type of its route.',
        cause: 'A publisher with another version of the schema, or a wrong body in a test.',
        remedy: 'Correct the publisher; the message is in the dead-letter queue if there is one.',
      },
      UNKNOWN_NAME: {
        meaning: 'A name is not in the topology: a publication, a subscription, a queue or a vhost.',
        cause: 'A typo, or another topology than expected.',
        remedy: 'Use one of the names that the message lists.',
      },
      AMBIGUOUS_QUEUE: {
        meaning: 'A name means more than one dead-letter queue.',
        cause: 'Two vhosts have a queue of this name.',
        remedy: 'Give the address, such as `queue:acme/email.dead`.',
      },
      AMBIGUOUS_OWNER: {
        meaning: 'The objects that `warren release` would release belong to several projects.',
        cause: 'A glob that matches objects of other projects.',
        remedy: 'Name one project with `--project`.',
      },
      NOT_CONSUMED: {
        meaning: 'A test delivers to a subscription that nothing consumes.',
        cause: 'The program under test has not called `consume()`.',
        remedy: 'Start the consumer first, as the program does.',
      },
      UNREADABLE_FILE: {
        meaning: 'A file cannot be read.',
        cause: 'A wrong path, a missing permission, a folder instead of a file, or a file that is too large.',
        remedy: 'Check the path and the permissions.',
      },
      PUBLISH_INVALID: {
        meaning: 'The message, a parameter or an option does not fit the publication.',
        cause: 'A body that its schema refuses, a missing parameter, or a runtime that is closed.',
        remedy: 'Correct the call; the message says which part is wrong.',
      },
      PUBLISH_TOO_LARGE: {
        meaning: 'The message is larger than its publication or the broker allows.',
        cause: 'A large payload in the message.',
        remedy: 'Keep payloads in a store with the `payloads` option of `connect()`.',
      },
    },
  },
  {
    title: 'A guard or another run stops it',
    codes: {
      BLOCKED: {
        meaning: 'A decision is needed first; nothing was done.',
        cause: 'A plan with blocks, or a release while a run of the project is unfinished.',
        remedy: 'Follow the hint; for a blocked plan, `warren plan` names the option that permits each step.',
      },
      LOCKED: {
        meaning: 'Another apply of the same project holds its lock.',
        cause: 'Two pipelines at the same time.',
        remedy: 'Wait until the other apply has ended; the broker frees the lock of a dead process.',
      },
      LOCK_LOST: {
        meaning: 'A lock that a takeover needs was lost; nothing was done.',
        cause: 'The AMQP connection broke.',
        remedy: 'Run the command again.',
      },
      OWNERSHIP_CONFLICT: {
        meaning: 'Two projects claim the same object.',
        cause: 'Both projects declare the object.',
        remedy: 'Remove it from one project, or declare it there with `external: true`.',
      },
      DAMAGED_RECORD: {
        meaning: 'A record of warren on the broker cannot be read. warren does not overwrite it.',
        cause: 'A manual change of a global parameter, or a newer version of warren wrote it.',
        remedy: 'Restore or remove the parameter that the message names, or use the newer version.',
      },
      MIGRATION_STOPPED: {
        meaning: 'A migration cannot begin or continue for now; no message is lost.',
        cause:
          'A consumer holds messages, a queue with the holding name exists, a message cannot be copied, or a queue does not answer.',
        remedy: 'Remove the cause that the message names, and run the command again: the migration continues.',
      },
      MISSING_OBJECT: {
        meaning: 'A required queue, exchange or delay queue does not exist.',
        cause: 'The topology was not applied, or a program connects to another vhost.',
        remedy: 'Run `warren apply` first; check the vhost.',
      },
      NOT_A_QUEUE: {
        meaning: 'Dead letters are in a stream, and messages cannot be taken out of a stream.',
        cause: 'The dead-letter queue is declared as a stream.',
        remedy: 'Read it with a subscription that has an offset.',
      },
      NO_RETURN_ROUTE: {
        meaning: 'A replay would not reach the queue where the message failed, or would reach other queues too.',
        cause: 'The binding of the return route is missing, or another binding has the same key.',
        remedy: 'Apply the topology, or remove the other binding.',
      },
      DELIVERY_LIMIT: {
        meaning: 'Looking at messages would use up their delivery limit.',
        cause: 'A quorum queue with a low limit, on a version that counts every look.',
        remedy: 'Set `deliveryLimit: 1000000`, or pass `--use-deliveries`.',
      },
      QUEUE_DELETES_ITSELF: {
        meaning: 'The broker would delete the queue and its messages after warren has read them.',
        cause: 'Dead letters are in an auto-delete queue, which is deleted with its last consumer.',
        remedy: 'Let dead letters go to a queue that is not auto-delete.',
      },
      TOO_MANY_MESSAGES: {
        meaning: 'A purge would delete more messages than `--max` allows.',
        cause: 'More dead letters than expected.',
        remedy: 'Look at them with `warren dlq peek`, then raise `--max` or add a filter.',
      },
      STALE_PLAN: {
        meaning: 'The plan no longer fits the broker, or is not the expected one.',
        cause: 'The broker or the files changed after the plan was made, or it was made for another broker.',
        remedy: 'Plan again, and review the differences.',
      },
    },
  },
  {
    title: 'The broker cannot be reached or refuses',
    codes: {
      UNREACHABLE: {
        meaning: 'The management API or the AMQP port does not answer like a broker.',
        cause: 'A wrong URL or port, a broker that is down or booting, a certificate that is not trusted.',
        remedy: 'Check URL and broker; `--wait 60s` waits for a broker that boots.',
      },
      ACCESS_REFUSED: {
        meaning: 'The broker refuses the login, or the login lacks a right.',
        cause: 'A wrong password, a missing tag, or a missing permission on the vhost.',
        remedy: 'Run the command that the hint prints, or use another login.',
      },
      WRONG_BROKER: {
        meaning: 'AMQP and the management API lead to different brokers.',
        cause: '`--url` and `--amqp-url` name different clusters.',
        remedy: 'Let both name the same cluster.',
      },
      REQUEST_FAILED: {
        meaning: 'The broker answered a request with an error.',
        cause: "The message repeats the broker's reason.",
        remedy: "Correct the cause that the message names, or look into the broker's log.",
      },
      NO_ANSWER: {
        meaning: 'The broker did not answer a request over AMQP in time.',
        cause:
          'An overloaded broker, a quorum queue without a majority of its members, or a network that drops packets.',
        remedy: 'Check the broker, and run the command again.',
      },
      MOVE_FAILED: {
        meaning: 'warren could not move any more messages. No message is lost, but a few may be in both queues.',
        cause: 'The connection broke, or a program changes bindings at the same time.',
        remedy: 'Run the command again: it continues where it stopped.',
      },
      NOT_SUPPORTED: {
        meaning: 'The version of RabbitMQ or Node.js lacks a feature.',
        cause: '`mode: native` on an old broker, or an old Node.js.',
        remedy: 'Use the version that the message names, or another mode.',
      },
      BROKER_NOT_STARTED: {
        meaning: 'A throw-away broker could not be started.',
        cause: 'No Docker engine and no `rabbitmq-server`, no free port, or too little memory.',
        remedy: 'Follow the hint, or name a running broker in `WARREN_URL`.',
      },
      ...RUNTIME_ERRORS,
    },
  },
  {
    title: 'The run ended early, or something else went wrong',
    codes: {
      NOT_VERIFIED: {
        meaning: 'A change was written, but the object on the broker is different, or could not be read back.',
        cause: 'Another tool wrote at the same time, or the connection broke.',
        remedy: 'Plan again, and apply the remaining changes.',
      },
      PARTIALLY_APPLIED: {
        meaning: 'Some changes were made, and others failed.',
        cause: 'The broker stopped answering in the middle.',
        remedy: 'Run the command again: it continues where it stopped.',
      },
      INTERRUPTED: {
        meaning: 'A signal ended the run.',
        cause: 'Ctrl-C, or a pipeline that was cancelled.',
        remedy: 'Run the command again; changes in progress were finished, or the next run resumes them.',
      },
      MISSING_PACKAGE: {
        meaning: 'An optional package is not installed.',
        cause: '`warren types` or a container without its package.',
        remedy: 'Install the package that the message names.',
      },
      UNEXPECTED: {
        meaning: 'warren does not expect this error.',
        cause: 'A bug in warren, or an error of another library.',
        remedy: 'Report it with the stack trace.',
      },
    },
  },
]
