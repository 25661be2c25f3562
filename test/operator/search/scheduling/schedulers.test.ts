// Every scheduler of the contract passes the shared cases.
import { describe } from 'vitest';
import { SCHEDULERS, type SchedulerName } from '../../../../operator/search/scheduling/index.ts';
import { schedulerCases } from '../../../cases/scheduler.cases.ts';

describe.each(Object.keys(SCHEDULERS) as SchedulerName[])('%s', schedulerCases);
