import * as warren from './warren.js'

const message = {
  schema: {
    type: 'object',
    required: ['task_id', 'recipient', 'subject', 'text'],
    additionalProperties: false,
    properties: {
      task_id: { type: 'string', pattern: '^email-[0-9]+$' },
      recipient: { type: 'string', pattern: '^[^@]+@[^@]+$' },
      subject: { type: 'string', minLength: 1, maxLength: 200 },
      text: { type: 'string' },
    },
  },
}

/** @type {import('./client.js').OpenPublisher} */
export const openPublisher = (setup) => warren.openPublisher(setup, {}, message)

/** @type {import('./client.js').OpenConsumer} */
export const openConsumer = (setup) => warren.openConsumer(setup, {}, message)
