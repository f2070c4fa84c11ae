import { feedbackKinds } from '@rapport/profile';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class TraitOriginDto {
  @ApiProperty({ example: 'web', description: 'Source that said it' })
  readonly source!: string;

  @ApiProperty({ format: 'date-time', description: 'Event time' })
  readonly saidAt!: string;

  @ApiProperty({ enum: ['first-party', 'inferred'], description: 'inferred: a guess; never replaces what was said' })
  readonly origin!: 'first-party' | 'inferred';
}

export class StagePeriodDto {
  @ApiProperty({ example: 'loyal' })
  readonly stage!: string;

  @ApiProperty({ format: 'date-time' })
  readonly since!: string;

  @ApiProperty({ example: 'three orders or more, the last within 90 days' })
  readonly because!: string;
}

export class LifecycleDto extends StagePeriodDto {
  @ApiProperty({
    type: [StagePeriodDto],
    description:
      'Every stage, oldest first, as the facts known today give it; what was decided when is in lifecycle_changes',
  })
  readonly history!: readonly StagePeriodDto[];
}

export class AcquisitionDto {
  @ApiProperty({ format: 'date-time' })
  readonly at!: string;

  @ApiPropertyOptional({ example: 'newsletter' })
  readonly source?: string;

  @ApiPropertyOptional({ example: 'email' })
  readonly medium?: string;

  @ApiPropertyOptional({ example: 'spring' })
  readonly campaign?: string;

  @ApiPropertyOptional()
  readonly term?: string;

  @ApiPropertyOptional()
  readonly content?: string;

  @ApiPropertyOptional({ example: 'https://example.com/' })
  readonly referrer?: string;
}

export class InterestDto {
  @ApiProperty({ example: 'coffee' })
  readonly category!: string;

  @ApiProperty({ description: 'Sum of the weights of the events that showed it' })
  readonly weight!: number;
}

export class ProductDto {
  @ApiProperty()
  readonly productId!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly name!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly seenAt!: string;
}

export class PurchaseDto {
  @ApiProperty()
  readonly orderId!: string;

  @ApiProperty({ format: 'date-time' })
  readonly orderedAt!: string;

  @ApiProperty({ example: 'EUR' })
  readonly currency!: string;

  @ApiProperty({ example: '42.50', description: 'Exact decimal' })
  readonly amount!: string;

  @ApiProperty({ example: '0', description: 'Exact decimal' })
  readonly refunded!: string;
}

export class TicketDto {
  @ApiProperty()
  readonly ticketId!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly subject!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly openedAt!: string;
}

export class FeedbackDto {
  @ApiProperty({ enum: feedbackKinds })
  readonly kind!: string;

  @ApiProperty({ example: 9 })
  readonly score!: number;

  @ApiProperty({ format: 'date-time' })
  readonly at!: string;
}

export class SubscriptionDto {
  @ApiProperty()
  readonly subscriptionId!: string;

  @ApiProperty({ enum: ['active', 'past-due', 'cancelled'] })
  readonly status!: string;

  @ApiProperty({ format: 'date-time', description: 'When it last changed' })
  readonly since!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly plan!: string | null;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly renewsAt!: string | null;

  @ApiProperty({ type: String, nullable: true, description: 'Why it was cancelled, or why the payment failed' })
  readonly reason!: string | null;

  @ApiProperty({ type: Boolean, nullable: true, description: 'Of a cancellation: whether the person wanted it' })
  readonly voluntary!: boolean | null;
}

export class ImportantDateDto {
  @ApiProperty({ example: 'birthday' })
  readonly id!: string;

  @ApiProperty({ example: '1990-05-17', description: '--MM-DD where the year is not known' })
  readonly date!: string;

  @ApiProperty({ example: '2027-05-17', format: 'date', description: 'Its next return, today included' })
  readonly next!: string;

  @ApiProperty({ example: 12 })
  readonly daysAway!: number;
}

export class OwnerDto {
  @ApiProperty({ example: 'grace' })
  readonly ownerId!: string;

  @ApiProperty({ type: String, nullable: true })
  readonly ownerName!: string | null;

  @ApiProperty({ format: 'date-time' })
  readonly since!: string;
}

export class QuestionDto {
  @ApiProperty({ example: 'birthday' })
  readonly id!: string;

  @ApiProperty({ example: 'When is your birthday?' })
  readonly text!: string;

  @ApiProperty({ example: 'birthday', description: 'The trait that the answer becomes' })
  readonly trait!: string;

  @ApiProperty()
  readonly priority!: number;

  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  readonly lastAskedAt!: string | null;
}

export class QuestionsDto {
  @ApiProperty({
    type: QuestionDto,
    nullable: true,
    description: 'What to ask next; null where nothing is to be asked now',
  })
  readonly next!: QuestionDto | null;

  @ApiProperty({
    type: [QuestionDto],
    description: 'All about which nothing is known, the most important first, also those that were asked lately',
  })
  readonly open!: readonly QuestionDto[];

  @ApiProperty({ type: [String], description: 'Traits that questions are about and of which nothing is known' })
  readonly unknownTraits!: readonly string[];
}

/** What a business should know of a person before it speaks. */
export class RelationshipDto {
  @ApiProperty({ type: AcquisitionDto, nullable: true, description: 'The earliest campaign or outside referrer' })
  readonly acquisition!: AcquisitionDto | null;

  @ApiProperty({ type: [InterestDto], description: 'The ten strongest' })
  readonly interests!: readonly InterestDto[];

  @ApiProperty({ type: [ProductDto], description: 'Looked at, chosen or bought last' })
  readonly recentProducts!: readonly ProductDto[];

  @ApiProperty({ type: [PurchaseDto], description: 'The ten newest orders' })
  readonly recentPurchases!: readonly PurchaseDto[];

  @ApiProperty({ type: [TicketDto] })
  readonly openTickets!: readonly TicketDto[];

  @ApiProperty({ type: [FeedbackDto], description: 'The last of each kind' })
  readonly lastFeedback!: readonly FeedbackDto[];

  @ApiProperty({ type: [SubscriptionDto] })
  readonly subscriptions!: readonly SubscriptionDto[];

  @ApiProperty({ type: [ImportantDateDto], description: 'The next one first' })
  readonly importantDates!: readonly ImportantDateDto[];

  @ApiProperty({ type: String, nullable: true, example: 'email' })
  readonly preferredChannel!: string | null;

  @ApiProperty({ type: Number, nullable: true, example: 18, description: 'Hour of their day, 0 to 23' })
  readonly preferredHour!: number | null;

  @ApiProperty({ type: OwnerDto, nullable: true })
  readonly owner!: OwnerDto | null;

  @ApiProperty({ type: [String], description: 'Accounts, the one named last first' })
  readonly accounts!: readonly string[];

  @ApiProperty({ type: QuestionsDto })
  readonly questions!: QuestionsDto;
}
