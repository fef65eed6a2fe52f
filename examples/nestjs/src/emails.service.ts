import { Injectable } from '@nestjs/common'
import { WarrenPublisher } from 'warren/nestjs'
import type { OrderPlaced, Routes } from './routes.js'
import { Subscribe } from './subscriptions.js'

@Injectable()
export class EmailsService {
  constructor(private readonly publisher: WarrenPublisher<Routes>) {}

  @Subscribe('emails', { concurrency: 5 })
  async send(order: OrderPlaced.Body): Promise<void> {
    console.log(`writing to ${order.email} about order ${order.id}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await this.publisher.publish('email-sent', { order: order.id })
  }
}
