import type { ExplanationText } from '../../diagnostics/explanations/explanation.ts'
import type { Note } from '../../plan/note.ts'
import type { OwnRemarkCode } from './remark.ts'

/** The meaning of each note on a plan. A note does not stop an apply. */
export const NOTE_EXPLANATIONS: Readonly<Record<Note['note'], ExplanationText>> = {
  'queue-limit-exceeded': {
    meaning: 'A vhost has more queues than its limit, so a deleted queue could not be declared again.',
    cause: 'The limit was lowered later; RabbitMQ checks it only when a queue is declared.',
    remedy: 'Raise `maxQueues`.',
  },
  'no-room-for-lock': {
    meaning: 'The limit of the vhost leaves no room for the lock queue, so the apply deletes and replaces nothing.',
    cause: 'The queues of the vhost use up `maxQueues`.',
    remedy: 'Raise `maxQueues` by one.',
  },
  'no-room-for-later-locks': {
    meaning: 'After this plan, the limit of the vhost leaves no room for the lock queue of later applies.',
    cause: 'The queues that the plan creates use up `maxQueues`.',
    remedy: 'Raise `maxQueues` by one.',
  },
  completed: {
    meaning: 'An object has deleted itself, as declared. warren does not create it again.',
    cause: '`src-delete-after`, `expires` or `autoDelete`.',
    remedy: 'Nothing; to create it again, add `--allow create=ADDRESS`.',
  },
  expected: {
    meaning: 'An object does not exist yet, and another project of the same run declares it.',
    cause: 'A reference with `external: true` to an object that an earlier project of the run creates.',
    remedy: 'Nothing; apply the projects in one run, or that project first.',
  },
  'nothing-to-delete': {
    meaning: 'An option allows or targets the deletion of an object that does not exist.',
    cause: 'The object is already deleted, or the address is misspelled.',
    remedy: 'Check the address, or leave the option out.',
  },
  'nothing-matches': {
    meaning: 'The glob of an option matches nothing in the plan.',
    cause: 'A typo, or the plan contains other objects than expected.',
    remedy: 'Correct the glob, or leave the option out.',
  },
  'dead-letters-dropped': {
    meaning: 'A changed policy makes the broker delete dead letters that could not be delivered yet.',
    cause: 'Another `dead-letter-strategy` or `overflow` ends at-least-once dead-lettering.',
    remedy: 'First add a binding that routes them to a queue, so that they are delivered.',
  },
  'dead-letters-held': {
    meaning: 'A queue holds dead letters that at-least-once dead-lettering could not deliver.',
    cause: 'The dead-letter exchange does not exist, or no binding matches them.',
    remedy: 'Declare the exchange with a binding that matches them.',
  },
  'not-migrated': {
    meaning: '`--skip-unsuitable` leaves a queue out of the migration, and names the reason.',
    cause: 'The settings of the queue, a policy, or a queue with the name of its holding queue.',
    remedy: 'Remove the reason and run the command again, or replace the queue without its messages.',
  },
  'nodes-unchecked': {
    meaning: 'Alarms, stopped nodes, partitions and disk space were not checked before a migration.',
    cause: 'The login may not read the nodes.',
    remedy: 'Check them, or use a login with the tag `monitoring`.',
  },
  'majority-lost': {
    meaning: 'A declared queue has lost the majority of its members, so it accepts and delivers no message.',
    cause: 'Nodes are down, or a client was killed while it declared the queue over HTTP.',
    remedy: 'Start the nodes; if they run and the queue was never in use, delete it and run the command again.',
  },
  'policy-adds': {
    meaning: 'A policy that no file declares sets keys on declared objects.',
    cause: 'A policy of the operator or of another project.',
    remedy: 'If it is intended, nothing; otherwise narrow its pattern.',
  },
  'policy-captures': {
    meaning: 'A policy applies to an object that `retry`, `deadLetter` or `superStreams` derives.',
    cause: 'A broad pattern such as `.*`.',
    remedy: 'Exclude the derived queues from the pattern.',
  },
  'policy-overrides': {
    meaning: 'A policy gives a setting another value than the declaration.',
    cause: 'An operator policy, or a policy that sets the same limit.',
    remedy: 'Change the policy or the declaration.',
  },
  'policy-not-for-type': {
    meaning:
      'A policy does not apply to queues that match its pattern, because their type does not support one of its keys.',
    cause: 'Keys of another queue type, such as `ha-mode`.',
    remedy: 'Use one policy for each queue type, with `applyTo`.',
  },
  'policy-drops-head': {
    meaning: 'A policy makes quorum queues drop their oldest messages when they are full.',
    cause: 'A quorum queue treats `overflow: reject-publish-dlx` as `drop-head`.',
    remedy: 'Write `overflow: reject-publish` in the policy.',
  },
  'policy-shadowed': {
    meaning: 'A policy does not apply to some objects, because another policy with a higher priority does.',
    cause: 'RabbitMQ applies only one policy to an object and does not merge them.',
    remedy: 'Write all keys into the policy with the higher priority.',
  },
  'policies-tie': {
    meaning: 'Several policies of the same priority match an object, and RabbitMQ does not define which one applies.',
    cause: 'Equal priorities.',
    remedy: 'Give them different priorities.',
  },
  'unmanaged-bindings': {
    meaning: 'Bindings that no project owns lead messages into a queue of this project.',
    cause: 'A program or a person created them, and no file declares them.',
    remedy: 'Declare them, so that an apply adopts them, or delete them outside warren.',
  },
  'unmanaged-policy': {
    meaning: 'A policy that no project owns matches queues of this project.',
    cause: 'A broad pattern such as `.*`, set outside warren.',
    remedy: 'Declare it in a project, narrow its pattern, or delete it outside warren.',
  },
  'unmanaged-administrators': {
    meaning: 'Users that no project owns are administrators, and may change everything that this project manages.',
    cause: 'They were created outside warren; the broker itself creates `guest`.',
    remedy: 'Declare them, or delete them or their tag outside warren.',
  },
  'unmanaged-not-compared': {
    meaning: 'It is unknown whether unmanaged objects of these kinds affect this project.',
    cause: 'The login may not read them, or the definitions file does not contain them.',
    remedy: 'Use a login with the tag `administrator`, or a complete definitions file.',
  },
}

/** The meaning of the other codes of remarks on plans and runs. */
export const OWN_REMARK_EXPLANATIONS: Readonly<Record<OwnRemarkCode, ExplanationText>> = {
  'messages-lost': {
    meaning: 'A step that an option allows loses messages.',
    cause: '`--allow delete=` or `--allow replace=` names a queue that holds messages.',
    remedy: 'If it is intended, nothing; otherwise keep the messages with `--migrate ADDRESS`.',
  },
  drift: {
    meaning: 'An object on the broker differs from its declaration.',
    cause: 'It was changed outside warren, or the files were changed and not applied.',
    remedy: 'Apply the files, or change the declaration.',
  },
  'apply-failed': {
    meaning: 'A change failed.',
    cause: 'The broker refused it, or did not answer; the message has its reason.',
    remedy: 'Correct what the message names, and run the command again: warren makes the remaining changes.',
  },
  'apply-skipped': {
    meaning: 'A change was skipped, because a change that it requires was not made.',
    cause: 'Another change failed.',
    remedy: 'Correct the change that failed, and run the command again.',
  },
  'apply-stale': {
    meaning: 'A destructive change was not made, because more would have been lost than the plan named.',
    cause: 'Messages, consumers or bindings were added after the plan was made.',
    remedy: 'Plan again, and review the differences.',
  },
  'apply-interrupted': {
    meaning: 'A change was not started or not finished when the run was interrupted.',
    cause: 'Ctrl-C, a pipeline that was cancelled, or a lost lock.',
    remedy: 'Run the command again: warren makes the remaining changes.',
  },
  'record-failed': {
    meaning: 'The changes were made, but the ownership record could not be updated.',
    cause: 'The connection broke, or the login may not write global parameters.',
    remedy: 'Run the command again to record them.',
  },
}
