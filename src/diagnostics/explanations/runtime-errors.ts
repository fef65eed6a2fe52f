import type { ExplanationGroup } from './explanation.ts'

/** The errors of programs that publish and consume. */
export const RUNTIME_ERRORS: ExplanationGroup['codes'] = {
  CLOSED: {
    meaning: 'The runtime is closed.',
    cause: 'A call after `close()`.',
    remedy: 'Connect again, or do not use the runtime after `close()`.',
  },
  CONSUME_REFUSED: {
    meaning: 'The broker refuses a consumer.',
    cause: 'A missing right, an exclusive consumer, or a queue that differs from its declaration.',
    remedy: 'Grant `can: { consume: [...] }`, or compare with `warren plan`.',
  },
  CONSUMER_STOPPED: {
    meaning: 'A consumer has stopped.',
    cause: '`close()` or `stop()` while a handler ran, or a message that failed on a queue without dead letters.',
    remedy: 'After `close()`, do nothing. Otherwise, declare `deadLetter` on the queue.',
  },
  DELIVERY_LOST: {
    meaning: 'A delivery was lost while its handler was still running.',
    cause: 'The connection broke, or the queue was deleted.',
    remedy: 'Nothing: the broker delivers it again. Make handlers idempotent.',
  },
  HANDLER_TIMEOUT: {
    meaning: 'A handler did not end in time.',
    cause: 'A slow call without a limit of its own.',
    remedy: 'Pass `delivery.signal` to the slow call, or raise `timeout`.',
  },
  POISON_MESSAGE: {
    meaning: 'A message was delivered again and again without being acknowledged.',
    cause: 'It crashes its worker.',
    remedy: 'Look at it with `warren dlq peek`, and correct the handler.',
  },
  IDEMPOTENCY_LOST: {
    meaning: 'The lease of a message expired, or another worker holds it.',
    cause: 'A handler that takes longer than its lease, or a worker that died.',
    remedy: 'Raise the lease; the message is delivered again.',
  },
  IDEMPOTENCY_UNAVAILABLE: {
    meaning: 'The idempotency store does not answer, or gives an unexpected answer.',
    cause: 'The database is down.',
    remedy: 'Check the store; the message is delivered again.',
  },
  OFFSETS_UNAVAILABLE: {
    meaning: 'The store of offsets does not answer, or gives an unexpected answer.',
    cause: 'The database is down, the table is missing, or the file is damaged.',
    remedy: 'Check the store, and consume again; no message was skipped.',
  },
  PAYLOAD_UNAVAILABLE: {
    meaning: 'The payload of a message cannot be fetched from its store.',
    cause: '`connect()` has no option `payloads`, or the reference belongs to another store.',
    remedy: 'Give `connect()` the store that the publisher uses.',
  },
  PUBLISH_UNROUTABLE: {
    meaning: 'No queue received the message.',
    cause: 'No binding for the routing key.',
    remedy: 'Apply the topology, or bind a queue.',
  },
  PUBLISH_REFUSED: {
    meaning: 'The broker or the payload store did not accept the message.',
    cause: 'A full queue with `overflow: reject-publish`, or a missing right.',
    remedy: 'Publish later, or grant the right.',
  },
  PUBLISH_UNKNOWN: {
    meaning: 'The connection was lost before the broker confirmed the message.',
    cause: 'A broker that restarted.',
    remedy: 'Publish again with the same message ID, and make consumers idempotent.',
  },
  PUBLISH_TIMEOUT: {
    meaning: 'The broker did not confirm in time, or the signal ended the wait.',
    cause: 'A slow broker or network.',
    remedy: 'Publish again with the same message ID, or raise the timeout.',
  },
  REPLY_TIMEOUT: {
    meaning: 'No reply arrived in time.',
    cause: 'No responder runs, or it is too slow. The responder may still do the work; its late reply is dropped.',
    remedy: 'Check the responder, or raise `timeout` of the request. Repeat the request only if that does no harm.',
  },
  REPLY_LOST: {
    meaning: 'The connection was lost, and the reply with it.',
    cause: 'A broker that restarted, or a closed runtime. The responder may have done the work.',
    remedy: 'Repeat the request if that does no harm.',
  },
  REPLY_FAILED: {
    meaning: 'The responder could not answer the request.',
    cause: 'Its handler threw, or the request is invalid for it: the message says why.',
    remedy: 'Correct the request or the responder.',
  },
  REPLY_INVALID: {
    meaning: 'A reply does not match the schema that the request declares.',
    cause: 'A responder with another version of the topology, or in another language.',
    remedy: 'Correct the responder, or the schema of the reply.',
  },
  REPLY_CANCELLED: {
    meaning: 'The `signal` of a request was aborted before the reply arrived.',
    cause: 'The program no longer waits. The responder may still do the work.',
    remedy: 'Nothing, if this was intended.',
  },
  PUBLISH_BLOCKED: {
    meaning: 'The broker blocks publishers.',
    cause: 'A memory or disk alarm.',
    remedy: 'Free memory or disk space on the broker.',
  },
}
