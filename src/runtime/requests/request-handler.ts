import type { HandlerDelivery } from '../consume/handler-delivery.ts'

/** Answers one request. It returns the body of the reply, or bytes that are already encoded; throwing is a failed attempt. */
export type RequestHandler<Body = unknown, Reply = unknown> = (
  body: Body,
  delivery: HandlerDelivery,
) => Reply | Uint8Array | Promise<Reply | Uint8Array>
