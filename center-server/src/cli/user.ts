import { newUserSchema, regionCodeSchema, roleSchema, type User } from '@mingjing/contracts';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { addUser, changeUser } from '../auth/accounts.ts';
import { ProblemError } from '../http/problems.ts';
import { inTransaction, type Pool } from '../store/database.ts';
import { getRegion } from '../store/lookups/getRegion.ts';
import { findUser } from '../store/users/findUser.ts';
import { listUsers } from '../store/users/listUsers.ts';
import { askPassword, checked, commandLineActor, runProgram, withDatabase } from './support.ts';

interface Common {
  json?: boolean;
  generate?: boolean;
}

function show(user: User, { json, generate }: Common, password?: string): void {
  const made = generate === true && password !== undefined ? { password } : {};
  if (json) {
    console.log(JSON.stringify({ ...user, ...made }));
    return;
  }
  const state = user.disabled ? ', disabled' : '';
  console.log(`${user.username}  ${user.name}, ${user.role}, ${user.region}${state}`);
  if (made.password !== undefined) console.log(`password: ${made.password}  (shown this once)`);
}

async function known(pool: Pool, username: string): Promise<User> {
  const user = await findUser(pool, username);
  if (!user) throw new ProblemError('not-found', `there is no user "${username}"`);
  return user;
}

async function add(username: string, options: Common & { name: string; role: string; region: string }) {
  const { name, role, region } = options;
  const user = checked(newUserSchema.omit({ password: true }), { username, name, role, region });
  const password = await askPassword(options.generate ?? false);
  await withDatabase(async (pool) => {
    if (!(await getRegion(pool, user.region)))
      throw new ProblemError('invalid', `--region: there is no ${user.region}`);
    const made = await inTransaction(pool, (client) =>
      addUser(client, commandLineActor(), { ...user, password }, false),
    );
    show(made, options, password);
  });
}

async function list(options: Common & { region: string }) {
  const { region } = checked(z.object({ region: regionCodeSchema }), { region: options.region });
  const users = await withDatabase((pool) => listUsers(pool, region));
  if (options.json) console.log(JSON.stringify(users));
  else for (const user of users) show(user, {});
}

function setDisabled(disabled: boolean) {
  return (username: string, options: Common) =>
    withDatabase(async (pool) => {
      const { id } = await known(pool, username);
      show(await changeUser(pool, commandLineActor(), id, { disabled }), options);
    });
}

function changePassword(username: string, options: Common) {
  return withDatabase(async (pool) => {
    const { id } = await known(pool, username);
    const password = await askPassword(options.generate ?? false);
    show(await changeUser(pool, commandLineActor(), id, { password }), options, password);
  });
}

const program = new Command('mingjing user').description('add, list and change users');
const json = () => new Option('--json', 'print JSON');
const generate = () => new Option('--generate', 'make a password and print it, instead of reading one');

program
  .command('add <username>')
  .description('add a user; the password is typed, or read from the first line of standard input')
  .requiredOption('--name <name>', "the person's name")
  .addOption(
    new Option('--role <role>', 'what the person does').choices(roleSchema.options).makeOptionMandatory(),
  )
  .requiredOption('--region <code>', 'the region whose subtree the person sees')
  .addOption(generate())
  .addOption(json())
  .action(add);
program
  .command('list')
  .description('list the users of a region and everything below it')
  .option('--region <code>', 'a region', '130000')
  .addOption(json())
  .action(list);
program
  .command('disable <username>')
  .description('end a user’s sessions and refuse new ones')
  .addOption(json())
  .action(setDisabled(true));
program
  .command('enable <username>')
  .description('let a disabled user sign in again')
  .addOption(json())
  .action(setDisabled(false));
program
  .command('password <username>')
  .description('give a user a new password and end the sessions of the old one')
  .addOption(generate())
  .addOption(json())
  .action(changePassword);

await runProgram(program);
