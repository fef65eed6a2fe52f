import { connect } from 'node:net'
import { socketOf } from './node-order.ts'

/** Whether the keeper of a node that outlived its starter is still running. */
export function nodeStays(folder: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(socketOf(folder), () => {
      resolve(true)
      socket.destroy()
    })
    socket.on('error', () => resolve(false))
  })
}

/** Asks the keeper to end the node, and waits until the node and its folder are removed. */
export function stopStayingNode(folder: string): Promise<void> {
  return new Promise((resolve) => {
    // The keeper closes the connection when it ends.
    const socket = connect(socketOf(folder), () => socket.write('stop\n'))
    socket.on('error', () => {})
    socket.on('close', () => resolve())
    socket.resume()
  })
}
