/** The longest name, or routing key, that AMQP can carry (a short string), in bytes. */
export const LONGEST_NAME = 255
