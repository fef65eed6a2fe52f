export { warrenFastify } from './warren-fastify.ts'
export type { FastifyHost, WarrenFastifyOptions } from './warren-fastify.ts'
