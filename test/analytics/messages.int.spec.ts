import { page, startAnalytics, track, type Analytics } from './analytics.js';

let analytics: Analytics;
beforeAll(async () => {
  analytics = await startAnalytics();
});
afterAll(() => analytics.stop());
beforeEach(async () => {
  await analytics.clear();
  await analytics.workspace();
});

const january = `workspace = 'default', from = '2024-01-01 00:00:00.000', to = '2024-02-01 00:00:00.000'`;
const performance = (columns: string) =>
  analytics.rows(
    `SELECT ${columns} FROM message_performance(${january}, conversion = 'Order Completed', window_seconds = 86400) ORDER BY ALL`,
  );

/** A message that a journey decided, and what became of it. */
async function message(
  id: string,
  person: string,
  at: string,
  { status = 'sent', template = 'offer', step = 'one', channel = 'email' } = {},
): Promise<void> {
  const about = { workspace_id: 'default', profile_id: person, delivery_id: id, channel, journey_id: 'welcome' };
  const position = { appended_at: at, log_partition: 0, log_offset: 0, instance_id: person, step_id: step };
  await analytics.insert('delivery_requests', [{ ...about, ...position, template_id: template, requested_at: at }]);
  if (status === '') return;
  await analytics.insert('deliveries', [{ ...about, ...position, status, reason: '', timestamp: at }]);
}
const did = (person: string, event: string, id: string, properties = {}, context = {}) =>
  track(person, '2024-01-05T12:00:00Z', event, { delivery_id: id, ...properties }, context);

describe('messages', () => {
  it('are of the person of today, and stay with whom they were sent to once a link is undone', async () => {
    const whose = () => analytics.rows('SELECT delivery_id, profile_id, is_sent FROM messages ORDER BY 1');
    await message('1', 'phone', '2024-01-05 10:00:00.000');
    await analytics.merge('ann', 'phone');
    await message('2', 'ann', '2024-01-06 10:00:00.000');
    expect(await whose()).toEqual([
      ['1', 'ann', 1],
      ['2', 'ann', 1],
    ]);
    // The phone is a person of its own again: what was sent to both of them was sent to who they were then.
    await analytics.merge('phone', 'phone');
    expect(await whose()).toEqual([
      ['1', 'phone', 1],
      ['2', 'ann', 1],
    ]);
  });

  it('tell people from machines, and count each message once for each thing', async () => {
    for (const id of ['1', '2', '3', '4']) await message(id, `p${id}`, '2024-01-05 10:00:00.000');
    await message('5', 'p5', '2024-01-05 10:00:00.000', { status: 'failed' });
    await message('6', 'p6', '2024-01-05 10:00:00.000', { status: '' });
    await analytics.touchpoints([
      did('p1', 'Email Opened', '1'),
      did('p1', 'Email Opened', '1'),
      did('p1', 'Email Opened', '1', { is_machine: true }),
      did('p1', 'Email Link Clicked', '1'),
      did('p2', 'Email Opened', '2', {}, { userAgent: 'Mozilla/5.0' }),
      did('p2', 'Unsubscribed', '2'),
      did('p2', 'Email Marked as Spam', '2'),
      did('p3', 'Email Bounced', '3'),
      // Images were blocked: clicked, so it was opened.
      did('p4', 'Email Link Clicked', '4'),
      did('p4', 'Email Replied', '4'),
    ]);
    expect(
      await performance(
        'requested, sent, failed, delivered, opened_messages, opened_by_machine, clicked_messages, replied_messages, unsubscribed_messages, complained_messages',
      ),
    ).toEqual([[6, 4, 1, 3, 2, 1, 2, 1, 1, 1]]);
    expect(await performance('delivery_rate, open_rate, click_rate, click_to_open_rate')).toEqual([
      [0.75, 2 / 3, 2 / 3, 1],
    ]);
    expect(await performance('reply_rate, unsubscribe_rate, complaint_rate')).toEqual([[1 / 3, 1 / 3, 1 / 3]]);
  });

  it('are told apart by journey, step, variant, channel and type, those of other systems too', async () => {
    await analytics.insert('message_templates', [
      { template_id: 'receipt', name: '', channel: 'email', type: 'transactional', loaded_at: '2024-01-01 00:00:00' },
    ]);
    await message('1', 'a', '2024-01-05 10:00:00.000');
    await message('2', 'a', '2024-01-06 10:00:00.000', { template: 'receipt', step: 'two' });
    await message('3', 'a', '2024-02-01 00:00:00.000');
    const sent = { email_id: 'x', campaign_name: 'spring', variant: 'B', message_type: 'value-adding' };
    await analytics.touchpoints([
      track('a', '2024-01-07T10:00:00Z', 'Email Sent', sent),
      track('a', '2024-01-07T10:00:09Z', 'Email Delivered', sent),
      track('a', '2024-01-07T11:00:00Z', 'Email Opened', { email_id: 'x' }),
    ]);
    expect(
      await performance('journey_id, step_id, variant, template_id, channel, message_type, sent, opened_messages'),
    ).toEqual([
      ['spring', '', 'B', '', 'email', 'value-adding', 1, 1],
      ['welcome', 'one', '', 'offer', 'email', 'promotional', 1, 0],
      ['welcome', 'two', '', 'receipt', 'email', 'transactional', 1, 0],
    ]);
  });

  it('convert when an order follows within the window; the last message before it gets it, under any profile', async () => {
    await message('1', 'phone', '2024-01-05 10:00:00.000', { step: 'one' });
    await message('2', 'ann', '2024-01-05 11:00:00.000', { step: 'two' });
    await message('3', 'bob', '2024-01-05 11:00:00.000', { step: 'two' });
    await analytics.merge('ann', 'phone');
    await analytics.touchpoints([
      track('ann', '2024-01-05T10:30:00Z', 'Order Completed', { total: 5, currency: 'EUR' }),
      track('ann', '2024-01-05T12:00:00Z', 'Order Completed', { total: 7, currency: 'EUR' }),
      track('ann', '2024-01-05T13:00:00Z', 'Order Completed', { total: 9, currency: 'USD' }),
      track('bob', '2024-01-06T11:00:00Z', 'Order Completed', { total: 11, currency: 'EUR' }),
    ]);
    expect(await performance('step_id, sent, converted_messages, conversion_rate, value')).toEqual([
      ['one', 1, 1, 1, '5'],
      ['two', 2, 1, 0.5, '7'],
    ]);
  });

  it('have no rates where none were sent', async () => {
    expect(await performance('*')).toEqual([]);
    await message('1', 'a', '2024-01-05 10:00:00.000', { status: '' });
    expect(await performance('requested, sent, delivery_rate, open_rate, click_to_open_rate, conversion_rate')).toEqual(
      [[1, 0, null, null, null, null]],
    );
  });
});

describe('contact pressure', () => {
  it('is what each person received, and the most within seven days', async () => {
    await message('1', 'ann', '2024-01-05 10:00:00.000');
    await message('2', 'phone', '2024-01-12 09:59:59.999', { channel: 'sms' });
    await message('3', 'ann', '2024-01-12 10:00:00.000');
    await message('4', 'ann', '2024-01-12 11:00:00.000', { status: 'failed' });
    await analytics.merge('ann', 'phone');
    await analytics.touchpoints([page('ann', '2024-01-05T10:00:00Z')]);
    expect(
      await analytics.rows(
        `SELECT profile_id, received, promotional, by_channel, most_in_a_week FROM contact_pressure(${january})`,
      ),
    ).toEqual([['ann', 3, 3, { email: 2, sms: 1 }, 2]]);
  });
});
