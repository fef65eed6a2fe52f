import { BadRequestException, Body, Controller, HttpCode, Post } from '@nestjs/common'
import { WarrenPublisher } from 'warren/nestjs'
import { PublishError } from 'warren/runtime'
import type { OrderPlaced, Routes } from './routes.js'

@Controller('orders')
export class OrdersController {
  constructor(private readonly publisher: WarrenPublisher<Routes>) {}

  @Post()
  @HttpCode(202)
  async place(@Body() order: OrderPlaced.Body): Promise<{ messageId: string }> {
    try {
      // Resolves when the broker has the message: only then is the order accepted.
      const { messageId } = await this.publisher.publish('order-placed', order)
      return { messageId }
    } catch (error) {
      if (error instanceof PublishError && error.outcome === 'invalid') throw new BadRequestException(error.message)
      throw error
    }
  }
}
