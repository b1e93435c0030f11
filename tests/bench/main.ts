import { runCity } from './city/run.ts';
import { runHidden } from './hidden/run.ts';
import { readOptions } from './options.ts';
import { hasOurs, type Report, save, show } from './report.ts';
import { runSubscriptions } from './subscriptions/run.ts';
import { profileWide } from './wide/profile.ts';
import { cases, runShop, type WideCase } from './wide/run.ts';

const options = readOptions(process.argv.slice(2));
const say = (line: string) => console.log(line);
const shopCases = (Object.keys(cases) as WideCase[]).filter((name) => options.only.has(name));

try {
  if (options.profile) await profileWide(options.seconds, say);
  else await run();
} catch (error) {
  console.error(error);
  process.exitCode = 1;
}

async function run() {
  const { only, ...timing } = options;
  const shop = shopCases.length > 0 ? await runShop(shopCases, timing, say) : new Map();
  const asked = { enterprise360: only.has('360'), growth: only.has('growth') };
  const city = asked.enterprise360 || asked.growth ? await runCity(asked, timing, say) : {};
  const hidden = only.has('hidden') ? { hidden: await runHidden(say) } : {};
  const live = only.has('subscriptions') ? { subscriptions: await runSubscriptions(say) } : {};
  const report: Report = { shop, ...hidden, ...city, ...live, timing };
  say(show(report));
  say(`\nThe same as Markdown: ${save(report)}`);
  if (!hasOurs(report)) process.exitCode = 1;
}
