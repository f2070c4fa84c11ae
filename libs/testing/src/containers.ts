import { getContainerRuntimeClient } from 'testcontainers';

/** Why no container can be started here, for a suite that has to be skipped; undefined where one can. */
export function whyNoContainers(): Promise<string | undefined> {
  return getContainerRuntimeClient().then(
    () => undefined,
    () => 'no Docker answers here, so nothing is tested in containers.',
  );
}
