import { readFileSync, rmSync } from 'node:fs';
import { createAppliance, type ApplianceAccess } from '#engine/appliance/index';

/**
 * Uploads one file by the appliance driver and prints `{"seconds","maxRssBytes","sha256"}`. A process of its own, so
 * that its memory is that of the upload. Arguments: a JSON file with the access, the source, the target.
 */
const [accessFile = '', source = '', target = ''] = process.argv.slice(2);
const access = JSON.parse(readFileSync(accessFile, 'utf8')) as ApplianceAccess;
rmSync(accessFile);

let maxRssBytes = 0;
const watch = setInterval(() => {
  maxRssBytes = Math.max(maxRssBytes, process.memoryUsage.rss());
}, 100);
const started = process.hrtime.bigint();
const appliance = createAppliance(access);
const { sha256 } = await appliance.upload({ source, path: target, resume: false }, new AbortController().signal);
const seconds = Number(process.hrtime.bigint() - started) / 1e9;
clearInterval(watch);
await appliance.close();
console.log(JSON.stringify({ seconds, maxRssBytes, sha256 }));
