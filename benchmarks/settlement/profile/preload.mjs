/**
 * Run by Node before a service (`--import`), which knows nothing of it: SIGUSR2 begins a CPU profile, and the next one
 * ends it and writes it down. So what is profiled is the load and not the start.
 */
import { renameSync, writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import path from 'node:path';

const SAMPLE_US = 500;
const file = path.join(process.env.PROFILE_DIRECTORY, `${process.env.PROFILE_NAME}.cpuprofile`);
let session;

process.on('SIGUSR2', async () => {
  if (!session) {
    session = new Session();
    session.connect();
    await session.post('Profiler.enable');
    await session.post('Profiler.setSamplingInterval', { interval: SAMPLE_US });
    await session.post('Profiler.start');
    return;
  }
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  session = undefined;
  writeFileSync(`${file}.part`, JSON.stringify(profile));
  renameSync(`${file}.part`, file); // Whoever waits for the file sees all of it.
});
