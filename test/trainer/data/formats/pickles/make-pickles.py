"""Writes the pickles beside this file: batches in the shape of ImageNet16's, and values, as Python and NumPy write them. Run with NumPy 2."""

import collections
import pathlib
import pickle

import numpy as np

LABELS = [1, 121, 120, 1000]

data = np.arange(len(LABELS) * 768, dtype=np.uint32).reshape(len(LABELS), 768)
batch = {"data": (data % 251).astype(np.uint8), "labels": LABELS, "mean": np.arange(3) / 4}
for protocol in (2, 3, 4):
    path = pathlib.Path(__file__).with_name(f"imagenet16-protocol-{protocol}.pickle")
    path.write_bytes(pickle.dumps(batch, protocol=protocol))
values = {"none": None, "flags": (True, False), "numbers": [0, 255, 65535, -1, 2**31 - 1, -(2**31), 2**40, -(2**63), 0.1]}
values["again"] = values["numbers"]
values["text"] = ["", "é\u20ac\U0001f41f", b"\x00\xff"]
values["many"] = list(range(2000))
values["order"] = np.array([1, 256], dtype=">i2")
values["ordered"] = collections.OrderedDict([("b", np.float64(0.1)), ("a", 2)])
for protocol in (2, 3, 4):
    path = pathlib.Path(__file__).with_name(f"values-protocol-{protocol}.pickle")
    path.write_bytes(pickle.dumps(values, protocol=protocol))
