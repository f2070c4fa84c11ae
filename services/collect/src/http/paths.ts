/** One event a request, of the type the path names: the long and the short forms of the Segment HTTP API. */
export const singlePaths: readonly (readonly [path: string, type: string])[] = [
  ['/v1/track', 'track'],
  ['/v1/t', 'track'],
  ['/v1/identify', 'identify'],
  ['/v1/i', 'identify'],
  ['/v1/page', 'page'],
  ['/v1/p', 'page'],
  ['/v1/screen', 'screen'],
  ['/v1/s', 'screen'],
  ['/v1/group', 'group'],
  ['/v1/g', 'group'],
  ['/v1/alias', 'alias'],
  ['/v1/a', 'alias'],
];

/** The last one is RudderStack's `sendBeacon`. */
export const batchPaths = ['/v1/batch', '/v1/b', '/beacon/v1/batch'] as const;

/** History: it never triggers a journey, and its times are taken as they are. */
export const importPaths = ['/v1/import'] as const;

/** One event a request, its type a path parameter: Jitsu. */
export const typedPaths = ['/api/s/:type', '/api/s/s2s/:type'] as const;

/** Events by GET, answered with an image: RudderStack and Segment. */
export const pixelPaths = ['/pixel/v1/:type', '/v1/pixel/:type'] as const;

/** Metrics of Segment's browser SDK about itself: taken and thrown away. */
export const discardedPaths = ['/v1/m'] as const;

export const segmentSettingsPaths = ['/v1/projects/:writeKey/settings', '/projects/:writeKey/settings'] as const;
export const rudderSettingsPaths = ['/sourceConfig'] as const;
