// Runs every audit of graphql-http against an address, and prints one JSON line an audit: id, name, status, reason.
import { serverAudits } from 'graphql-http';

for (const audit of serverAudits({ url: process.argv[2] })) {
  const found = await audit.fn();
  const line = { id: audit.id, name: audit.name, status: found.status, reason: found.reason ?? '' };
  process.stdout.write(JSON.stringify(line) + '\n');
}
