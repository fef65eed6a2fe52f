/** What an AMQP argument table can hold when it is written through the management API. */
export type ArgumentValue =
  string | number | boolean | readonly ArgumentValue[] | { readonly [key: string]: ArgumentValue }

/** The arguments of an exchange, a queue or a binding, in the broker's own spelling. */
export type Arguments = Readonly<Record<string, ArgumentValue>>
