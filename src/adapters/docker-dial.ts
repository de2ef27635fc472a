import type Docker from 'dockerode';

type Request = Parameters<Docker['modem']['dial']>[0];

/**
 * A request that no method of dockerode makes as it is needed; bound to the signal of that dockerode like all others. With `isStream` the
 * answer is a message to be read, after an upgrade the connection itself.
 */
export function dial({ modem }: Docker, request: Request): Promise<unknown> {
  return new Promise((resolve, reject) => {
    modem.dial({ ...request, statusCodes: {} }, (error: unknown, answer: unknown) => {
      if (error instanceof Error) reject(error);
      else resolve(answer);
    });
  });
}
