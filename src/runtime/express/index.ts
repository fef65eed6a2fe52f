export { closeInOrder } from './close-in-order.ts'
export type { CloseInOrderOptions } from './close-in-order.ts'
