import type { ExplanationText } from '../../diagnostics/explanations/explanation.ts'
import type { Block } from '../../plan/block.ts'

/** The meaning of each reason for a block. A plan with a block changes nothing; `explainBlock` names the objects and the numbers. */
export const BLOCK_EXPLANATIONS: Readonly<Record<Block['reason'], ExplanationText>> = {
  'needs-replacement': {
    meaning: 'RabbitMQ cannot change a property that differs, so the object would have to be replaced.',
    cause: 'A change of `type`, `durable` or an argument of an existing queue or exchange.',
    remedy: 'Keep the messages with `--migrate ADDRESS`, or replace it with `--allow replace=ADDRESS`.',
  },
  'external-missing': {
    meaning: 'An object with `external: true` does not exist on the broker.',
    cause: 'The project that owns it has not been applied yet, or its name differs.',
    remedy: 'Create it in the project that owns it, or remove `external: true`.',
  },
  'own-login': {
    meaning: 'The plan would change the user that warren is logged in as.',
    cause: 'The files declare the user of the deployment.',
    remedy: 'Use another login for warren, or remove the user from the files.',
  },
  untouchable: {
    meaning: 'A queue with the declared name belongs to a connection or to a plugin of the broker.',
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
    cause: 'A program or a person created it before the project declared it.',
    remedy: 'Change it with `--adopt`, declare it with its current properties, or declare it with `external: true`.',
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
    meaning: 'To take over an object, warren needs the locks of both projects, and cannot acquire one of them.',
    cause: 'No AMQP connection, or a login that may not declare the lock queues.',
    remedy: 'Make AMQP available, and give the login the right that the plan names.',
  },
  protected: {
    meaning: 'The object has `protect: true`, so warren does not delete, replace or rename it.',
    cause: 'The declaration of a protected object was removed or changed.',
    remedy: 'First apply the declaration without `protect: true`.',
  },
  adopted: {
    meaning: 'The object existed before the project declared it, so a prune deletes it only when you name it.',
    cause: 'The declaration of an adopted object was removed.',
    remedy: 'Delete it with `--allow delete=ADDRESS`, or leave it to others with `warren release ADDRESS`.',
  },
  'data-loss': {
    meaning: 'Deleting the object would lose messages or disconnect consumers.',
    cause: 'The files no longer declare a queue that holds messages or is in use.',
    remedy:
      'Wait until it is empty, keep it with `--exclude ADDRESS`, or accept the loss with `--allow delete=ADDRESS`.',
  },
  uncounted: {
    meaning: 'The messages and consumers at risk cannot be counted, so nothing is deleted.',
    cause: 'AMQP cannot be reached, the lock is missing, or a limit of connections or channels is used up.',
    remedy: 'Remove the cause that the plan names, and run the command again.',
  },
  'queue-uncounted': {
    meaning: 'The messages of a queue cannot be counted.',
    cause: 'Its leader does not run, or the majority of its members is offline.',
    remedy:
      'Start the nodes of the members, and run the command again. If the queue was never in use, delete it manually.',
  },
  'rename-both': {
    meaning: 'An object is renamed, and both the old and the new name exist.',
    cause: 'The new name was already created outside warren.',
    remedy: 'Remove `renamedFrom`, or delete the one that you do not want.',
  },
  cascades: {
    meaning: 'The broker would delete objects of other owners together with this object.',
    cause: 'Bindings, or the contents of a vhost, that this project does not own.',
    remedy: 'Remove those objects first, or allow it as the plan says.',
  },
  'shovels-unknown': {
    meaning: 'It is unknown whether shovels publish to the old name of a renamed object.',
    cause: 'The login may not read parameters.',
    remedy: 'Use a login with the tag policymaker or administrator, or allow it with `--allow delete=ADDRESS`.',
  },
  'still-used': {
    meaning: 'Other objects, which are kept, still send messages to this object.',
    cause: 'Dead letters, an alternate exchange or a shovel of another owner leads to it.',
    remedy: 'Change the senders first, or allow it as the plan says.',
  },
  'slot-taken': {
    meaning: 'The exchange uses only one of two declared bindings.',
    cause: 'A hash exchange or a similar type counts several bindings of one queue as the same.',
    remedy: 'Keep one of them.',
  },
  'rebind-deletes-exchange': {
    meaning: 'An exchange with `autoDelete` would be deleted when its last binding is replaced.',
    cause: 'The only binding of the exchange changes.',
    remedy: 'Bind another queue to the exchange until you have applied this change.',
  },
  'not-rebindable': {
    meaning: '`--rebind` names an object whose bindings have no state.',
    cause: 'Only exchanges such as `x-consistent-hash` and `x-jms-topic` keep state in their bindings.',
    remedy: 'Give the address of such an exchange, or of one of its bindings.',
  },
  'half-declared': {
    meaning: 'A stopped run was declaring the queue, and the queue does not answer.',
    cause: 'The client disconnected after the broker had registered the queue and before it had started the members.',
    remedy: 'Check whether the nodes of the queue run. If they do, delete the queue and run the command again.',
  },
  'unfinished-move': {
    meaning: 'A stopped run has moved some messages of the queue to a holding queue, where they wait.',
    cause: 'A migration or rename was interrupted, and the declaration was removed afterwards.',
    remedy: 'Declare the queue again and apply, which finishes the move.',
  },
  'unfinished-replacement': {
    meaning: 'A stopped run has deleted the object. Its bindings are stored in a journal on the broker.',
    cause: 'A replacement was interrupted, and the declaration was removed afterwards.',
    remedy: 'Declare it again and apply, which restores the bindings.',
  },
  'move-impossible': {
    meaning: 'The messages of the queue cannot be moved.',
    cause: 'The type or the settings of the queue, as the plan says.',
    remedy: 'Follow the plan, or let consumers empty the queue first.',
  },
  'move-unsafe': {
    meaning: 'The nodes of the broker cannot carry the moves of the plan, which could stop half way.',
    cause: 'A memory or disk alarm, a node that does not run, a partition, or too little space on a disk.',
    remedy: 'Repair the nodes, or migrate fewer queues at a time with `--target`.',
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
    meaning: 'Messages that wait in other queues would reach no queue after this queue is deleted.',
    cause: 'Delay queues or dead letters lead to a queue that is deleted.',
    remedy: 'Wait until they have arrived, or accept their loss with `--allow delete=ADDRESS`.',
  },
  'limit-lowered': {
    meaning: 'More messages wait than a changed policy allows, and the broker would drop the excess at once.',
    cause: 'A smaller `max-length`, `max-length-bytes` or `message-ttl`.',
    remedy:
      'Set a higher limit, wait until the messages are consumed, or accept their loss with `--allow delete=ADDRESS`.',
  },
  'policy-loses': {
    meaning:
      'A policy also applies to a queue that `retry` or `deadLetter` derives, and would lose messages of that queue.',
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
    meaning: 'A partial plan leaves out an object that it needs and that does not exist on the broker.',
    cause: 'A `--target` that is too narrow, or an `--exclude` that is too broad.',
    remedy: 'Widen `--target`, or narrow `--exclude`.',
  },
  'unmatched-address': {
    meaning: 'The plan cannot use the address or the glob of an option.',
    cause: 'A typo, an object that is not declared, or one that is already gone.',
    remedy: 'Write the address as plans print it, or leave the option out.',
  },
  'too-many-deletes': {
    meaning: 'A prune would delete more objects of the project than `--max-deletes` allows.',
    cause: 'A missing file or path, or a large clean-up.',
    remedy: 'Check the paths; if the deletes are intended, raise `--max-deletes`.',
  },
  'empty-topology': {
    meaning: 'The files declare nothing, so a prune would delete everything that the project owns.',
    cause: 'A wrong path, or a file that was emptied.',
    remedy: 'Check the paths; to delete everything, use `warren destroy`.',
  },
  'ownership-unknown': {
    meaning: 'warren deletes nothing, because it cannot read which project owns the objects.',
    cause: 'The login may not read global parameters.',
    remedy: 'Use a login with the tag policymaker or administrator.',
  },
  'record-damaged': {
    meaning: "The project's ownership record cannot be read. warren does not overwrite it.",
    cause: 'A manual change of a global parameter, or a newer version of warren wrote it.',
    remedy: 'Restore or remove the parameter that the plan names, or use the newer version.',
  },
  'other-record-damaged': {
    meaning: 'The record of another project, which may own or need the object, cannot be read.',
    cause: 'A manual change of a global parameter, or a newer version of warren wrote it.',
    remedy: 'Restore it; remove it if no project needs it.',
  },
}
