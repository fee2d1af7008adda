import { readDemoCity } from '../start/city.ts';
import { House } from '../start/house.ts';
import { readOptions } from '../start/options.ts';
import { startSteps, type Outcome } from '../start/steps.ts';

/** The demo city's users, with what they may do, for the last words. */
function signIns(
  password: string,
): { username: string; password: string; name: string; role: string; region: string }[] {
  const { users, regions } = readDemoCity();
  return users.map((user) => ({
    ...user,
    password,
    region: regions.find(({ code }) => code === user.region)?.name ?? user.region,
  }));
}

function lastWords(house: House, outcome: Outcome, seconds: number): string {
  const users = house.demoPassword === undefined ? [] : signIns(house.demoPassword);
  const lines = users.map(
    ({ username, password, name, role, region }) =>
      `              ${username.padEnd(11)} ${password}    ${role}, ${name}, ${region}`,
  );
  return [
    '',
    `明镜已就绪 Mingjing is ready (${seconds.toFixed(0)} s)`,
    '',
    `  地址 Address  ${house.url}`,
    ...(lines.length > 0
      ? ['  登录 Sign in', ...lines]
      : ['  登录 Sign in  mingjing user add … makes the first user']),
    ...outcome.missing.map((what) => `  缺少 Without  ${what}`),
    `  日志 Logs     ${house.options.dataDir}/logs`,
    '  停止 Stop     Ctrl-C',
    '',
  ].join('\n');
}

/** Stops everything when we are told to, or when the process that started us has died. */
function onEnd(stop: (why: string) => void): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop(signal));
  if (process.channel === undefined) return;
  process.on('disconnect', () => stop('the parent has gone'));
  process.channel.unref();
}

/** Brings the house up, and says so. */
async function open(house: House, started: number): Promise<void> {
  const outcome: Outcome = { missing: [] };
  // what makes a start pointless is told first, and alone
  await house.checkPorts();
  if (house.usesOwnServer) await house.openDatabase();
  await startSteps(house, outcome).run();
  if (house.isClosed) return;
  const seconds = (performance.now() - started) / 1000;
  if (house.options.json)
    console.log(JSON.stringify({ event: 'ready', url: house.url, seconds, ...outcome }));
  else console.log(lastWords(house, outcome, seconds));
}

async function close(house: House, code: number): Promise<never> {
  await house.close();
  process.exit(code);
}

function fail(error: unknown): void {
  console.error(`mingjing: ${error instanceof Error ? error.message : String(error)}`);
}

async function main(): Promise<void> {
  const started = performance.now();
  const options = readOptions();
  // a terminal that has been closed must not end us before everything is stopped
  process.stdout.on('error', () => undefined);
  const house = new House(options, (line) => console.error(`mingjing: ${line}`));
  onEnd((why) => {
    if (house.isClosed) return;
    if (!options.json) console.log(`\n停止中 Stopping everything (${why}) …`);
    close(house, 0).catch(fail);
  });
  try {
    await open(house, started);
  } catch (error) {
    if (house.isClosed) return; // what was being started has been stopped, and fails for that
    fail(error);
    await close(house, 1);
  }
}

main().catch((error: unknown) => {
  fail(error);
  process.exit(1);
});
