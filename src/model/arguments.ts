/** The values in an AMQP argument table that the management API can write. */
export type ArgumentValue =
  | string
  | number
  | boolean
  | readonly ArgumentValue[]
  | { readonly [key: string]: ArgumentValue }

/** The arguments of an exchange, a queue or a binding, in the broker's own spelling. */
export type Arguments = Readonly<Record<string, ArgumentValue>>
