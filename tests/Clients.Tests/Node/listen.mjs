// A client program does what the test says: each line it reads is an order, each line it writes is what the client saw.
import { createInterface } from 'node:readline';

export async function listen(actions) {
  for await (const line of createInterface({ input: process.stdin })) {
    const order = JSON.parse(line);
    const seen = { chunks: 0 };
    try {
      await actions[order.action](order, seen);
    } catch (error) {
      // The first error is the one its user is told of.
      Object.assign(seen, seen.error ? {} : describe(error));
    }
    console.log(JSON.stringify(seen));
  }
  // Connections that are kept for another request would keep the process too, for seconds.
  process.exit();
}

const describe = error => ({
  error: error.name === 'Error' ? error.constructor.name : error.name,
  // An error that tells of several tries has the last one inside.
  status: error.status ?? error.statusCode ?? error.lastError?.statusCode,
  // That of an abort is the DOM's, a number.
  code: [error.code, error.lastError?.data?.error?.code].find(code => typeof code === 'string'),
  message: error.message,
});

export const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};

// How many pieces a client has seen when it cancels.
export const enough = 2;
