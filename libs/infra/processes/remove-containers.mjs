/** Removes the containers that carry a label, with their volumes. Input on stdin: `{ label, value }`. */
import { text } from 'node:stream/consumers';
import { getContainerRuntimeClient } from 'testcontainers';

const { label, value } = JSON.parse(await text(process.stdin));
const { dockerode } = (await getContainerRuntimeClient()).container;
const containers = await dockerode.listContainers({ all: true, filters: { label: [`${label}=${value}`] } });
await Promise.all(containers.map(({ Id }) => dockerode.getContainer(Id).remove({ force: true, v: true })));
