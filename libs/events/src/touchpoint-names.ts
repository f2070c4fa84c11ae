/**
 * Names of the track events that Rapport itself reads, in the words of the Segment specification where that has one.
 * Every other name is as welcome: it is kept, counted and can be asked for; nothing is derived from it unless a definition
 * names it.
 */
export const touchpointNames = {
  // Segment, e-commerce
  productViewed: 'Product Viewed',
  productListViewed: 'Product List Viewed',
  productsSearched: 'Products Searched',
  productAdded: 'Product Added',
  productRemoved: 'Product Removed',
  productAddedToWishlist: 'Product Added to Wishlist',
  cartViewed: 'Cart Viewed',
  checkoutStarted: 'Checkout Started',
  orderCompleted: 'Order Completed',
  orderUpdated: 'Order Updated',
  orderRefunded: 'Order Refunded',
  orderCancelled: 'Order Cancelled',
  /** {rating, product_id, review_id, review_body} */
  productReviewed: 'Product Reviewed',
  // Segment, email and mobile
  emailDelivered: 'Email Delivered',
  emailOpened: 'Email Opened',
  emailLinkClicked: 'Email Link Clicked',
  emailBounced: 'Email Bounced',
  emailMarkedAsSpam: 'Email Marked as Spam',
  unsubscribed: 'Unsubscribed',
  smsUnsubscribed: 'SMS Unsubscribed',
  applicationOpened: 'Application Opened',
  pushNotificationTapped: 'Push Notification Tapped',
  // Segment, business to business
  signedUp: 'Signed Up',
  signedIn: 'Signed In',
  accountCreated: 'Account Created',
  accountDeleted: 'Account Deleted',
  trialStarted: 'Trial Started',
  trialEnded: 'Trial Ended',
  /** Our own `deliver`: {delivery_id, channel, template_id, journey_id, instance_id, step_id} */
  messageSent: 'Message Sent',
  /** {ticket_id, subject, channel, priority} */
  supportTicketOpened: 'Support Ticket Opened',
  /** {ticket_id} */
  supportTicketSolved: 'Support Ticket Solved',
  /** {survey: nps | csat | ces, score, comment, survey_id} */
  surveyResponded: 'Survey Responded',
  /** {rating, product_id, review_id, text} */
  reviewSubmitted: 'Review Submitted',
  /** {referral_id, channel} */
  referralSent: 'Referral Sent',
  /** {referral_id} */
  referralConverted: 'Referral Converted',
  /** {subscription_id, plan, amount, currency, interval, renews_at} */
  subscriptionStarted: 'Subscription Started',
  /** {subscription_id, plan, amount, currency, renews_at} */
  subscriptionRenewed: 'Subscription Renewed',
  /** {subscription_id, amount, currency, reason} */
  subscriptionPaymentFailed: 'Subscription Payment Failed',
  /** {subscription_id, reason, voluntary: true, false or unknown} */
  subscriptionCancelled: 'Subscription Cancelled',
  /** {meeting_id, starts_at, owner_id} */
  meetingBooked: 'Meeting Booked',
  meetingHeld: 'Meeting Held',
  meetingNoShow: 'Meeting No Show',
  /** {step, steps} */
  onboardingStepCompleted: 'Onboarding Step Completed',
  /** {deal_id, name, amount, currency, stage, owner_id} */
  dealCreated: 'Deal Created',
  dealStageChanged: 'Deal Stage Changed',
  dealWon: 'Deal Won',
  /** {deal_id, reason} */
  dealLost: 'Deal Lost',
  /** {owner_id, owner_name} */
  ownerAssigned: 'Owner Assigned',
  /** {task_id, owner_id, due_at, kind, subject} */
  taskCreated: 'Task Created',
  taskCompleted: 'Task Completed',
  /** {question_id, channel} */
  questionAsked: 'Question Asked',
  /** {question_id, answer}; the answer becomes the trait that the question is about */
  questionAnswered: 'Question Answered',
  /** {purpose, channel, text_version, lawful_basis, expires_at} */
  consentGranted: 'Consent Granted',
  consentDenied: 'Consent Denied',
  consentWithdrawn: 'Consent Withdrawn',
  /** {frequency, paused_until}: how a person wishes to be written to; an empty text takes one back */
  preferencesUpdated: 'Preferences Updated',
} as const;

export type TouchpointName = (typeof touchpointNames)[keyof typeof touchpointNames];
