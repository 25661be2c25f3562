"""Writes test/cli/simulate/nats-bench/: a directory of the shape of NATS-Bench's topology space in its "simple" form, with numbers of our own.

What is pickled is what the authors' own API reads back: dictionaries of dictionaries, an OrderedDict, numbers of NumPy. The third of four
architectures has no file. Needs NumPy 1, as the released files do: python -m pip install 'numpy<2'; python scripts/make-nats-bench-vectors.py
"""

import bz2
import collections
import pathlib
import pickle

import numpy

DIRECTORY = pathlib.Path(__file__).parent.parent / "test/cli/simulate/nats-bench"
ARCHITECTURES = [
    "|avg_pool_3x3~0|+|nor_conv_1x1~0|skip_connect~1|+|nor_conv_1x1~0|skip_connect~1|skip_connect~2|",
    "|nor_conv_3x3~0|+|nor_conv_3x3~0|none~1|+|skip_connect~0|nor_conv_3x3~1|skip_connect~2|",
    "|none~0|+|none~0|none~1|+|none~0|none~1|none~2|",
    "|nor_conv_1x1~0|+|none~0|none~1|+|none~0|none~1|nor_conv_3x3~2|",
]
MISSING = 2
# hp to data set to (seeds, sets with every epoch, sets with the last epoch alone), as released.
TRAININGS = {
    "12": {
        "cifar10-valid": ([777, 111], ["x-valid", "ori-test"], []),
        "cifar100": ([111], ["x-valid", "x-test", "ori-test"], []),
    },
    "200": {
        "cifar10-valid": ([777, 888, 999], ["x-valid"], ["ori-test"]),
        "cifar100": ([777, 888], ["ori-test"], ["x-valid", "x-test"]),
    },
}


def training(index, hp, name, seed):
    """One network, one seed. Accuracies in percent; 888 alone has the right parameters where seeds differ."""
    _, whole, last = TRAININGS[hp][name]
    epochs = int(hp)
    keys = [f"{each}@{e}" for each in whole for e in range(epochs)] + [f"{each}@{epochs - 1}" for each in last]
    accuracies = {
        key: round(10 + 20 * index + 40 * (int(key.split("@")[1]) + 1) / epochs + seed / 1000, 6) for key in keys
    }
    return {
        "name": name,
        "net_state_dict": None,
        "train_acc1es": {e: 50.0 for e in range(epochs)},
        "train_acc5es": None,
        "train_losses": {e: 1.0 for e in range(epochs)},
        "train_times": collections.OrderedDict((e, 10.0 + index) for e in range(epochs)),
        "arch_config": {"channel": 16, "num_cells": 5, "arch_str": ARCHITECTURES[index], "class_num": 10},
        "params": 0.25 + index + (0.5 if seed == 777 and index == 1 else 0),
        "flop": 100.5 + index,
        "seed": seed,
        "epochs": epochs,
        "latency": [numpy.float64(0.0125)],
        "eval_names": whole + last,
        "eval_acc1es": accuracies,
        "eval_times": {key: 2.0 for key in keys},
        "eval_losses": {key: 1.5 for key in keys},
    }


def results(index, hp):
    sets = TRAININGS[hp]
    return {
        "arch_index": index,
        "arch_str": ARCHITECTURES[index],
        "all_results": {
            (name, seed): training(index, hp, name, seed) for name, (seeds, *_) in sets.items() for seed in seeds
        },
        "dataset_seed": {name: sorted(seeds) for name, (seeds, *_) in sets.items()},
        "clear_net_done": True,
    }


def write(name, value):
    with bz2.BZ2File(DIRECTORY / f"{name}.pickle.pbz2", "wb") as file:
        pickle.dump(value, file, protocol=4)


DIRECTORY.mkdir(parents=True, exist_ok=True)
meta = {"meta_archs": ARCHITECTURES, "total_archs": len(ARCHITECTURES), "arch2infos": None, "evaluated_indexes": set()}
write("meta", meta)
for index in range(len(ARCHITECTURES)):
    if index != MISSING:
        write(f"{index:06d}", collections.OrderedDict((hp, results(index, hp)) for hp in TRAININGS))
