/** What the collector has in hand. Beyond the limits it takes nothing more, so that its memory stays bounded. */
export class Admission {
  requests = 0;
  bytes = 0;

  constructor(private readonly limits: { readonly inFlightRequests: number; readonly inFlightBytes: number }) {}

  /** Takes a request in unless that is too much; a single large one is always taken when nothing else is in hand. */
  enter(bytes: number): boolean {
    const full = this.requests >= this.limits.inFlightRequests || !this.hasRoom(bytes);
    if (full && this.requests > 0) return false;
    this.requests += 1;
    this.bytes += bytes;
    return true;
  }

  /** More bytes of a request that is in already: it was compressed, or did not say its length. */
  grow(bytes: number): boolean {
    this.bytes += bytes;
    return this.requests <= 1 || this.hasRoom(0);
  }

  leave(bytes: number): void {
    this.requests -= 1;
    this.bytes -= bytes;
  }

  private hasRoom(bytes: number): boolean {
    return this.bytes + bytes <= this.limits.inFlightBytes;
  }
}
