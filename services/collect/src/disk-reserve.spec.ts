import { DiskReserve } from './disk-reserve.js';

describe('the reserve of the disk', () => {
  let free: number;
  const reserve = new DiskReserve(500_000_000, async () => free);

  it.each([
    ['more than the reserve is free, then nothing happens', 500_000_000, false, false],
    ['less is free, then it is spent', 499_999_999, true, true],
    ['it stays so, then that is no news', 100_000_000, true, false],
    ['hardly more than the reserve is free again, then it stays spent', 549_000_000, true, false],
    ['a tenth more is free, then it is there again', 550_000_000, false, true],
    ['hardly more than the reserve is left, then it is still there', 500_000_001, false, false],
  ])('when %s', async (_, freeNow, spent, news) => {
    free = freeNow;
    expect(await reserve.measure()).toBe(news);
    expect(reserve.isSpent).toBe(spent);
  });

  it('says what is free, what is kept free, and what to do', async () => {
    free = 12_345_678;
    expect(() => reserve.check()).not.toThrow();
    await reserve.measure();
    expect(() => reserve.check()).toThrow(
      '12 MB are free and 500 MB are kept free (RAPPORT_DISK_RESERVE_MB). Free some',
    );
  });

  it('is never spent when nothing is kept free', async () => {
    const none = new DiskReserve(0, async () => 0);
    await none.measure();
    expect(none.isSpent).toBe(false);
  });
});
