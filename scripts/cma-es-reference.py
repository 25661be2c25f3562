# What PyPI's cmaes needs on three functions: evaluations until the loss is below 1e-8, over 30 seeds. Writes the figures that
# test/trainer/evolution-strategy/cma-es.test.ts compares with.
#   python -m pip install cmaes==0.13.1 && python scripts/cma-es-reference.py > test/trainer/evolution-strategy/cmaes.json
import json
import statistics

import numpy
from cmaes import CMA

N = 10
SEEDS = 30
# Of a run that is stuck in a local minimum.
MOST_EVALUATIONS = 12000
FUNCTIONS = {
    "sphere": (lambda x: sum(x**2), 3.0, 2.0),
    "ellipsoid": (lambda x: sum(10 ** (6 * i / (N - 1)) * x[i] ** 2 for i in range(N)), 3.0, 2.0),
    "rosenbrock": (
        lambda x: sum(100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2),
        0.0,
        0.5,
    ),
}


def evaluations(function, mean, sigma, seed):
    strategy = CMA(mean=numpy.full(N, mean), sigma=sigma, seed=seed)
    count, best = 0, float("inf")
    while best > 1e-8 and count < MOST_EVALUATIONS:
        asked = [strategy.ask() for _ in range(strategy.population_size)]
        told = [(x, float(function(x))) for x in asked]
        count += len(told)
        best = min([best, *(loss for _, loss in told)])
        strategy.tell(told)
    return count if best <= 1e-8 else None


figures = {}
for name, (function, mean, sigma) in FUNCTIONS.items():
    runs = [evaluations(function, mean, sigma, seed) for seed in range(SEEDS)]
    counts = [count for count in runs if count is not None]
    figures[name] = {
        "mean": round(statistics.mean(counts), 1),
        "deviation": round(statistics.stdev(counts), 1),
        "solved": len(counts),
    }
print(json.dumps(figures, indent=2))
