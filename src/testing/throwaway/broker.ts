/** The origin of a broker: named by the environment, started as a container, or started as a private node. */
export type Origin = 'given' | 'container' | 'node'

/** A name and a password. */
export interface Login {
  readonly username: string
  readonly password: string
}

/** A RabbitMQ broker that tests and the demo may use, with the login of an administrator. */
export interface Broker extends Login, AsyncDisposable {
  /** The management API, without a login and without a slash at the end: `http://127.0.0.1:24321`. */
  readonly managementUrl: string
  /** AMQP, without a login and without a vhost: `amqp://127.0.0.1:24320`. */
  readonly amqpUrl: string
  /** The version of RabbitMQ, such as `3.10.8`. */
  readonly version: string
  readonly origin: Origin
  /** Ends the broker and removes all its files; a given broker is left unchanged. Further calls do nothing. */
  stop(): Promise<void>
}
