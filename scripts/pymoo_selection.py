"""pymoo's side of scripts/compare-selection-with-pymoo.ts: reads sets of points and our last populations from stdin, and writes
pymoo's fronts, crowding and survivors of the sets, and the hypervolumes of our populations and of pymoo's own NSGA-II."""

import json
import sys

import numpy as np
from pymoo.algorithms.moo.nsga2 import NSGA2
from pymoo.core.population import Population
from pymoo.core.problem import Problem
from pymoo.indicators.hv import HV
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.operators.survival.rank_and_crowding import RankAndCrowding
from pymoo.operators.survival.rank_and_crowding.metrics import calc_crowding_distance
from pymoo.optimize import minimize
from pymoo.problems import get_problem
from pymoo.util.nds.non_dominated_sorting import NonDominatedSorting


def selected(points: np.ndarray, size: int, violations: list) -> dict:
    outside = np.array(violations) if violations else np.zeros(len(points))
    feasible = np.flatnonzero(outside == 0)
    fronts = [feasible[front] for front in NonDominatedSorting().do(points[feasible])] if len(feasible) else []
    crowding = np.zeros(len(points))
    for front in fronts:
        # pymoo's is the mean over objectives, the paper's the sum. Who is alone has the room of an end, in pymoo none.
        room = calc_crowding_distance(points[front]) * points.shape[1]
        crowding[front] = room if len(front) > 1 else np.inf
    infeasible = [[int(i)] for i in np.argsort(outside) if outside[i] > 0]
    for [i] in infeasible:
        crowding[i] = np.inf
    indexed = Population.new(X=np.arange(len(points))[:, None], F=points, G=outside[:, None])
    problem = Problem(n_var=1, n_obj=points.shape[1], n_ieq_constr=1)
    chosen = RankAndCrowding().do(problem, indexed, n_survive=size)
    return {
        "fronts": [sorted(int(i) for i in front) for front in fronts] + infeasible,
        "crowding": [float(d) if np.isfinite(d) else None for d in crowding],
        "survivors": sorted(int(i) for i in chosen.get("X")[:, 0]),
    }


def hypervolumes(run: dict) -> dict:
    problem = get_problem(run["problem"])
    volume = HV(ref_point=np.array(run["reference"]))
    theirs = []
    for seed in range(len(run["fronts"])):
        algorithm = NSGA2(
            pop_size=run["population"],
            crossover=SBX(prob=0.9, eta=20),
            mutation=PM(prob=1.0, prob_var=1 / problem.n_var, eta=20),
        )
        algorithm.tournament_type = "comp_by_rank_and_crowding"
        result = minimize(problem, algorithm, ("n_gen", run["generations"]), seed=seed)
        theirs.append(float(volume(result.pop[result.pop.get("feasible")[:, 0]].get("F"))))
    ours = [float(volume(np.array(front))) for front in run["fronts"]]
    return {"problem": run["problem"], "ours": ours, "theirs": theirs}


given = json.load(sys.stdin)
sets = [selected(np.array(one["points"]), one["size"], one.get("violations", [])) for one in given["sets"]]
json.dump({"sets": sets, "runs": [hypervolumes(run) for run in given["runs"]]}, sys.stdout)
