// Sends progress as fast as it can, in a process of its own: `flood-writer.ts URL`. Ends with its standard input.
import { connect } from '@nats-io/transport-node';

const connection = await connect({ servers: process.argv[2] ?? '' });
let going = true;
process.stdin.on('end', () => (going = false)).resume();
const progress = { epoch: 1, epochs: 2, step: 3, steps: 4, loss: 0.5 };
const report = { trial: 'flood', attempt: 0, sequence: 1, body: { kind: 'progress', progress } };
const bytes = new TextEncoder().encode(JSON.stringify(report));
let sent = 0;
while (going) {
  for (let i = 0; i < 1_000; i += 1)
    connection.publish('bionas.default.night.flood.progress', bytes);
  sent += 1_000;
  await connection.flush();
}
await connection.close();
process.stdout.write(`${sent}`);
