import type { ExplanationText } from '../../diagnostics/explanations/explanation.ts'
import type { Block } from '../../plan/block.ts'

/** The meaning of each reason for a block. A plan with a block changes nothing; `explainBlock` names the objects and the numbers. */
export const BLOCK_EXPLANATIONS: Readonly<Record<Block['reason'], ExplanationText>> = {
  'needs-replacement': {
    meaning:
      'A property differs that RabbitMQ fixes when an object is declared, so the object would have to be replaced.',
    cause: 'A change of `type`, `durable` or an argument of an existing queue or exchange.',
    remedy: 'Keep the messages with `--migrate ADDRESS`, or replace it with `--allow replace=ADDRESS`.',
  },
  'external-missing': {
    meaning: 'An object with `external: true` does not exist on the broker.',
    cause: 'The project that owns it has not been applied yet, or its name differs.',
    remedy: 'Create it where it belongs, or remove `external: true`.',
  },
  'own-login': {
    meaning: 'The plan would change the user that warren is logged in as.',
    cause: 'The files declare the user of the deployment.',
    remedy: 'Use another login for warren, or remove the user from the files.',
  },
  untouchable: {
    meaning: 'A queue of the declared name belongs to a connection or to a plugin of the broker.',
    cause: 'An exclusive queue, or one that a plugin created, has the same name.',
    remedy: 'Give the declared queue another name.',
  },
  unsupported: {
    meaning: 'The broker cannot do what the files declare.',
    cause: 'An older version of RabbitMQ, or a plugin that is not enabled.',
    remedy: 'Upgrade the broker, enable the plugin that the plan names, or change the declaration.',
  },
  'not-owned': {
    meaning: 'An existing object differs from its declaration, and no project owns it.',
    cause: 'It was created by a program or manually before the project declared it.',
    remedy: 'Change it with `--adopt`, or declare it as it is or with `external: true`.',
  },
  'foreign-owner': {
    meaning: 'Another project owns the object.',
    cause: 'Both projects declare it.',
    remedy: 'Remove it from one project, declare it with `external: true`, or take it over with `takesOver`.',
  },
  'hand-over-unfinished': {
    meaning: 'The project that owns the object has an unfinished run or migration, so the object cannot be taken over.',
    cause: 'An apply of the other project was stopped.',
    remedy: 'Apply the other project first.',
  },
  'hand-over-unlocked': {
    meaning: 'An object is taken over only under the locks of both projects, and one of them cannot be taken.',
    cause: 'No AMQP connection, or a login that may not declare the lock queues.',
    remedy: 'Give the login AMQP and the right that the plan names.',
  },
  protected: {
    meaning: 'The object has `protect: true`, so warren does not delete, replace or rename it.',
    cause: 'A declaration was removed or changed that protects its object.',
    remedy: 'Apply the declaration without `protect: true` first.',
  },
  adopted: {
    meaning: 'The object existed before the project declared it, so a prune deletes it only when you name it.',
    cause: 'The declaration of an adopted object was removed.',
    remedy: 'Delete it with `--allow delete=ADDRESS`, or leave it to others with `warren release ADDRESS`.',
  },
  'data-loss': {
    meaning: 'Deleting the object would lose messages or disconnect consumers.',
    cause: 'A queue that still holds messages, or is in use, is no longer declared.',
    remedy: 'Wait until it is empty, keep it with `--exclude ADDRESS`, or lose them with `--allow delete=ADDRESS`.',
  },
  uncounted: {
    meaning: 'The messages and consumers at risk cannot be counted, so nothing is deleted.',
    cause: 'AMQP cannot be reached, the lock is missing, or a limit of connections or channels is used up.',
    remedy: 'Remove the cause that the plan names, and plan again.',
  },
  'queue-uncounted': {
    meaning: 'The messages of a queue cannot be counted.',
    cause: 'Its leader does not run, or a majority of its members is not online.',
    remedy: 'Bring the members back and plan again; delete a queue that was never in use manually.',
  },
  'rename-both': {
    meaning: 'An object is renamed, and both the old and the new name exist.',
    cause: 'The new one was already created outside warren.',
    remedy: 'Remove `renamedFrom`, or delete the one that you do not want.',
  },
  cascades: {
    meaning: 'The broker would delete objects of others together with this one.',
    cause: 'Bindings, or the contents of a vhost, that this project does not own.',
    remedy: 'Remove those objects first, or allow it as the plan says.',
  },
  'shovels-unknown': {
    meaning: 'Shovels that publish to the old name of a renamed object are unknown.',
    cause: 'The login may not read parameters.',
    remedy: 'Use a login with the tag policymaker or administrator, or allow it with `--allow delete=ADDRESS`.',
  },
  'still-used': {
    meaning: 'Objects that are kept still send messages there.',
    cause: 'Dead letters, an alternate exchange or a shovel of another owner leads to it.',
    remedy: 'Change the senders first, or allow it as the plan says.',
  },
  'slot-taken': {
    meaning: 'Two bindings are declared of which the exchange uses only one.',
    cause: 'A hash exchange or a similar type counts several bindings of one queue as the same.',
    remedy: 'Keep one of them.',
  },
  'rebind-deletes-exchange': {
    meaning: 'An exchange with `autoDelete` would be deleted when its last binding is replaced.',
    cause: 'The only binding of the exchange changes.',
    remedy: 'Bind another queue to the exchange until this is applied.',
  },
  'not-rebindable': {
    meaning: '`--rebind` names something that has no binding with state.',
    cause: 'Only exchanges such as `x-consistent-hash` and `x-jms-topic` keep state in their bindings.',
    remedy: 'Give the address of such an exchange, or of one of its bindings.',
  },
  'half-declared': {
    meaning: 'A stopped run was declaring the queue, and the queue does not answer.',
    cause: 'The broker had registered the queue and had not started its members when the client went away.',
    remedy: 'See whether its nodes run; if they do, delete the queue and apply again.',
  },
  'unfinished-move': {
    meaning: 'A stopped run has moved some messages of the queue, which wait in a holding queue.',
    cause: 'A migration or rename was interrupted, and the declaration was removed since.',
    remedy: 'Declare the queue again and apply, which finishes the move.',
  },
  'unfinished-replacement': {
    meaning: 'A stopped run has deleted the object, and its bindings are in a journal on the broker.',
    cause: 'A replacement was interrupted, and the declaration was removed since.',
    remedy: 'Declare it again and apply, which restores the bindings.',
  },
  'move-impossible': {
    meaning: 'The messages of the queue cannot be moved.',
    cause: 'The type or the settings of the queue, as the plan says.',
    remedy: 'Follow the plan, or let consumers empty the queue first.',
  },
  'holding-name-taken': {
    meaning: 'Messages would wait in a queue whose name is already used.',
    cause: 'A queue that ends with `.moving` exists or is declared.',
    remedy: 'Rename that queue, or empty and delete it.',
  },
  'queue-limit': {
    meaning: 'The plan needs more queues at once than the limit of the vhost allows.',
    cause: 'A low `maxQueues`; holding queues and the lock count too.',
    remedy: 'Raise `limits.maxQueues` and apply that first.',
  },
  awaited: {
    meaning: 'Messages that wait in other queues would reach no queue when this one is gone.',
    cause: 'Delay queues or dead letters lead to a queue that is deleted.',
    remedy: 'Wait until they have arrived, or lose them with `--allow delete=ADDRESS`.',
  },
  'limit-lowered': {
    meaning: 'A changed policy has a limit below the messages that wait, and the broker would drop the rest at once.',
    cause: 'A smaller `max-length`, `max-length-bytes` or `message-ttl`.',
    remedy: 'Set a higher limit, wait until the messages are consumed, or lose them with `--allow delete=ADDRESS`.',
  },
  'policy-loses': {
    meaning: 'A policy also applies to a queue that `retry` or `deadLetter` derives, and messages would be lost there.',
    cause: 'A policy on the broker with a broad pattern.',
    remedy: 'Exclude the derived queues from the pattern.',
  },
  'policy-displaced': {
    meaning: 'The policy of `deadLetter` would displace another policy, whose keys would no longer apply.',
    cause: 'RabbitMQ applies only one policy to a queue.',
    remedy: 'Write the keys into the files, or remove the other policy.',
  },
  'dead-letter-policy-outranked': {
    meaning: 'Another policy outranks that of `deadLetter`.',
    cause: 'A policy with a higher priority.',
    remedy: 'Lower its priority.',
  },
  'target-requires': {
    meaning: 'A partial plan leaves out something that it needs and that the broker does not have.',
    cause: 'A `--target` that is too narrow, or an `--exclude` that is too broad.',
    remedy: 'Widen `--target`, or narrow `--exclude`.',
  },
  'unmatched-address': {
    meaning: 'The plan cannot use the address or the glob of an option.',
    cause: 'A typing mistake, an object that is not declared, or one that is already gone.',
    remedy: 'Write the address as plans print it, or leave the option out.',
  },
  'too-many-deletes': {
    meaning: 'A prune would delete more of what the project owns than `--max-deletes` allows.',
    cause: 'A missing file or path, or a large clean-up.',
    remedy: 'Check the paths; raise `--max-deletes` when it is intended.',
  },
  'empty-topology': {
    meaning: 'The files declare nothing, so a prune would delete everything that the project owns.',
    cause: 'A wrong path, or a file that was emptied.',
    remedy: 'Check the paths; use `warren destroy` when it is intended.',
  },
  'ownership-unknown': {
    meaning: 'Nothing can be deleted, since ownership cannot be read.',
    cause: 'The login may not read global parameters.',
    remedy: 'Use a login with the tag policymaker or administrator.',
  },
  'record-damaged': {
    meaning: "The project's record of ownership cannot be read, and is not overwritten.",
    cause: 'A manual change of a global parameter, or a newer version of warren wrote it.',
    remedy: 'Restore or remove the parameter that the plan names, or use the newer version.',
  },
  'other-record-damaged': {
    meaning: 'The record of another project, which may own or need the object, cannot be read.',
    cause: 'A manual change of a global parameter, or a newer version of warren wrote it.',
    remedy: 'Restore it; remove it if no project needs it.',
  },
}
