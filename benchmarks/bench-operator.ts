// `make bench-operator`: the operator on a real control plane with fake nodes and simulated trainers, beside Katib. Each case has
// a fresh cluster; the clock is a process of its own. Prints a table a case; runs at full length go to results/operator.json.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Case, Figures } from './operator/case.ts';
import { big } from './operator/cases/big.ts';
import { floor } from './operator/cases/floor.ts';
import { idle } from './operator/cases/idle.ts';
import { flight, one } from './operator/cases/latency.ts';
import { scale } from './operator/cases/scale.ts';
import { throughput } from './operator/cases/throughput.ts';
import { writes } from './operator/cases/writes.ts';
import { storedIn } from './operator/etcd.ts';
import { KATIB, ratiosOf } from './operator/katib.ts';
import { printProfiles, profileFlags } from './operator/profile.ts';
import { Room } from './operator/room.ts';
import { printTable } from './operator/table.ts';
import { writeResult } from './results.ts';

const { values } = parseArgs({
  options: {
    case: { type: 'string', multiple: true },
    trials: { type: 'string' },
    nodes: { type: 'string' },
    big: { type: 'boolean', default: false },
    profile: { type: 'boolean', default: false },
  },
});
const ALL: readonly Case[] = [floor, one, flight, throughput, writes, idle, big, scale];
/** Not among them unless they are named. */
const LONG = ['big', 'scale'];
const names = values.case ?? ALL.map(({ name }) => name).filter((name) => !LONG.includes(name));
if (values.big) names.push('big');
const unknown = names.find((name) => !ALL.some((known) => known.name === name));
if (unknown !== undefined)
  throw new Error(`no case ${unknown}: expected ${ALL.map(({ name }) => name).join(', ')}`);

const measured: Record<string, Figures> = {};
for (const each of ALL.filter(({ name }) => names.includes(name)))
  measured[each.name] = await run(each, Number(values.trials ?? each.trials));
if ((values.trials ?? values.nodes) === undefined && !values.profile) await record();

async function run(of: Case, trials: number): Promise<Figures> {
  console.log(`\n${of.name}: ${of.what}; ${trials} trials`);
  const work = mkdtempSync(join(tmpdir(), 'bionas-bench-'));
  const nodes = Number(values.nodes ?? of.nodes);
  const start = loadavg()[0] ?? 0;
  const nodeFlags = values.profile ? profileFlags(work) : [];
  const room = await Room.start({ ...of, nodes, nodeFlags });
  try {
    const figures = await of.measure(room, trials);
    const stored = await storedIn(room.plane.etcdUrl);
    const loadAverage = [start, loadavg()[0] ?? 0];
    const all = { trials, ...figures, ...stored, loadAverage };
    printTable(of.name, all);
    return all;
  } finally {
    await room.stop();
    if (values.profile) printProfiles(work);
    rmSync(work, { recursive: true, force: true });
  }
}

/** What was not measured now stays as it was. */
async function record(): Promise<void> {
  const file = new URL('results/operator.json', import.meta.url);
  const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).cases : {};
  const today = new Date().toISOString().slice(0, 10);
  const now = Object.entries(measured).map(([name, figures]) => [
    name,
    { measured: today, what: ALL.find((each) => each.name === name)?.what, ...figures },
  ]);
  const cases = { ...before, ...Object.fromEntries(now) };
  await writeResult('operator', {
    machine: `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`,
    what: 'a search on etcd, kube-apiserver, controller-manager, scheduler, kwok and NATS, which share the cores with the operator, the simulated trainers and the clock; othersCores: cores that other work kept busy meanwhile; loadAverage: of one minute, at the start and the end; ratios are ours / Katib',
    ratios: ratiosOf(cases),
    katib: KATIB,
    cases,
  });
}
